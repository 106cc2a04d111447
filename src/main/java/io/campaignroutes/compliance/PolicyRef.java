package io.campaignroutes.compliance;

/**
 * Which policy was applied, precisely enough to find it again.
 *
 * @param name name of the profile; where others apply besides it, all names joined by {@code +},
 *     the campaign's own first, the rest sorted
 * @param version {@code policy_version} of the file that holds the profile; several are joined by
 *     {@code +} like the names
 * @param sha256 SHA-256, as 64 hex digits, over the bytes of the files of the extends chain from
 *     its root to the profile, one after the other, so that {@code cat us-federal.yaml us-fl.yaml |
 *     sha256sum} gives it; the chains of further profiles follow in the order of the name. A file
 *     that has been counted is not counted again.
 */
public record PolicyRef(String name, String version, String sha256) {}
