/**
 * What every package may use and none owns: hashes, and which addresses are public. It knows no
 * other package.
 */
package io.campaignroutes.shared;
