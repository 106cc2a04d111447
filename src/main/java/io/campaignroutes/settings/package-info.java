/**
 * The settings before anything is made of them: each is understood, in whatever spelling a person
 * gave it, or refused in a sentence that names the variable or key as that person wrote it. The
 * start of the service and the command {@code check} read them with the same code. Secrets that
 * stand in files are read here, and again when they change; so is told what is insecure.
 */
package io.campaignroutes.settings;
