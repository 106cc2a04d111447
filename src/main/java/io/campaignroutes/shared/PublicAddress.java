package io.campaignroutes.shared;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells addresses of the public internet from all others, after the IANA registries of
 * special-purpose addresses (RFC 6890 and later).
 */
public final class PublicAddress {
  private static final List<Block> NOT_PUBLIC_4 =
      Block.all(
          "0.0.0.0/8", // this network, unspecified
          "10.0.0.0/8", // private
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local, cloud metadata
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // former 6to4 relays
          "192.168.0.0/16", // private
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  private static final Block GLOBAL_6 = Block.of("2000:0:0:0:0:0:0:0/3");
  private static final Block NAT64 = Block.of("64:ff9b:0:0:0:0:0:0/96");
  private static final List<Block> NOT_PUBLIC_6 =
      Block.all(
          "2001:0:0:0:0:0:0:0/23", // protocol assignments, Teredo, benchmarks
          "2001:db8:0:0:0:0:0:0/32", // documentation
          "2002:0:0:0:0:0:0:0/16", // 6to4: leads to any IPv4 address
          "3fff:0:0:0:0:0:0:0/20"); // documentation

  private PublicAddress() {}

  /**
   * Whether the address is one of the public internet: not loopback, private, link-local, shared
   * (100.64.0.0/10), unique-local, unspecified, multicast, documentation or otherwise reserved. An
   * IPv6 address that stands for an IPv4 address (mapped, NAT64) is judged by that one.
   */
  public static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isPublic4(bytes);
    }
    if (isMapped(bytes) || NAT64.contains(bytes)) {
      return isPublic4(Arrays.copyOfRange(bytes, 12, 16));
    }
    return GLOBAL_6.contains(bytes)
        && NOT_PUBLIC_6.stream().noneMatch(block -> block.contains(bytes));
  }

  private static boolean isPublic4(byte[] bytes) {
    return NOT_PUBLIC_4.stream().noneMatch(block -> block.contains(bytes));
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  /** All addresses that share their first bits. */
  private record Block(byte[] start, int bits) {
    static Block of(String notation) {
      int slash = notation.indexOf('/');
      try {
        byte[] start = InetAddress.getByName(notation.substring(0, slash)).getAddress();
        return new Block(start, Integer.parseInt(notation.substring(slash + 1)));
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(notation, e);
      }
    }

    static List<Block> all(String... notations) {
      return Arrays.stream(notations).map(Block::of).toList();
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
