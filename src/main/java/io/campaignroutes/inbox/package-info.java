/**
 * Files of campaign requests in a folder: when one is whole, what its entries are, where it goes
 * once it is taken, and the reports beside it. What an entry asks for is for {@code campaign} to
 * check and to take, which does not know this package.
 */
package io.campaignroutes.inbox;
