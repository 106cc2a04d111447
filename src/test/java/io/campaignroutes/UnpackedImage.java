package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The image's layers in a folder, and the service run from it as a container runtime would: in a
 * root of its own that is read-only, as the user that the image names, with no capabilities and no
 * way to gain any, with a limit on memory, and with a temporary folder in which nothing is
 * executable. The network and the list of processes are those of this machine.
 *
 * <p>What only a base image brings, the C library and its loader, is this machine's where the image
 * has none.
 */
final class UnpackedImage implements AutoCloseable {
  static final String DATA = "/var/lib/campaign-routes";

  /** Has the limit of {@link #limitMemory}; of version 1 and 2. */
  private static final List<Path> GROUPS =
      List.of(Path.of("/sys/fs/cgroup/memory"), Path.of("/sys/fs/cgroup"));

  private static final List<String> BASE = List.of("lib", "lib64", "usr/lib", "usr/lib64");

  private static final String CONTAINER =
      """
      root=$1 data=$2 group=$3 user=$4 work=$5 base=$6; shift 6
      [ -z "$group" ] || echo $$ > "$group/cgroup.procs"
      mount --bind "$root" "$root"
      for folder in $base; do mount --bind -o ro "/$folder" "$root/$folder"; done
      for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
      for file in hosts resolv.conf; do
        [ ! -e "/etc/$file" ] || mount --bind -o ro "/etc/$file" "$root/etc/$file"
      done
      mount --bind "$data" "$root/var/lib/campaign-routes"
      mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
      mount -o remount,bind,ro "$root"
      exec setpriv --no-new-privs \\
        unshare --root="$root" --wd="$work" --setgid="${user#*:}" --setuid="${user%:*}" "$@"
      """;

  private final Path root;
  private final JsonNode configuration;
  private final List<String> base = new ArrayList<>();
  private Path group;

  private UnpackedImage(Path root, JsonNode configuration) {
    this.root = root;
    this.configuration = configuration;
  }

  /**
   * @param tar as a container engine loads it
   * @param folder made anew
   */
  static UnpackedImage of(Path tar, Path folder) throws IOException, InterruptedException {
    FileSystemUtils.deleteRecursively(folder);
    Path root = Files.createDirectories(folder.resolve("root")).toAbsolutePath();
    Path parts = Files.createDirectories(folder.resolve("parts"));
    untar("-xf", tar, parts);
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(parts.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.path("Layers")) {
      untar("-xpzf", parts.resolve(layer.asText()), root);
    }
    JsonNode configuration =
        json.readTree(parts.resolve(manifest.path("Config").asText()).toFile()).path("config");
    FileSystemUtils.deleteRecursively(parts);
    UnpackedImage image = new UnpackedImage(root, configuration);
    image.addMountPoints();
    return image;
  }

  private static void untar(String how, Path file, Path into)
      throws IOException, InterruptedException {
    Process tar =
        new ProcessBuilder(
                "tar",
                "--warning=no-unknown-keyword",
                "--numeric-owner",
                how,
                file.toAbsolutePath().toString())
            .directory(into.toFile())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).as("tar %s %s", how, file).isZero();
  }

  private void addMountPoints() throws IOException {
    for (String folder : List.of("proc", "sys", "dev", "tmp", "etc")) {
      Files.createDirectories(root.resolve(folder));
    }
    for (String file : List.of("hosts", "resolv.conf")) {
      if (Files.notExists(root.resolve("etc").resolve(file))) {
        Files.createFile(root.resolve("etc").resolve(file));
      }
    }
    if (Files.exists(root.resolve("usr/lib"))) {
      return; // there is a base image
    }
    for (String name : BASE) {
      Path there = Path.of("/", name);
      Path here = root.resolve(name);
      if (Files.isSymbolicLink(there)) {
        Files.copy(there, here, LinkOption.NOFOLLOW_LINKS);
      } else if (Files.isDirectory(there)) {
        Files.createDirectories(here);
        base.add(name);
      }
    }
  }

  /** What the image says of how it is run. */
  JsonNode configuration() {
    return configuration;
  }

  /** A file of the image, by its path in it. */
  Path file(String path) {
    return root.resolve(path.substring(1));
  }

  /** The numbers of user and group. */
  String user() {
    return configuration.path("User").asText();
  }

  /**
   * Limits what containers may use from now on.
   *
   * @return false where this machine does not let it be limited
   */
  boolean limitMemory(long bytes) throws IOException {
    for (Path groups : GROUPS) {
      String limit = groups.endsWith("memory") ? "memory.limit_in_bytes" : "memory.max";
      Path made = groups.resolve("campaign-routes-image-" + ProcessHandle.current().pid());
      try {
        Files.createDirectory(made);
      } catch (IOException e) {
        continue; // is not there, or not ours
      }
      if (Files.exists(made.resolve(limit))) {
        Files.writeString(made.resolve(limit), Long.toString(bytes));
        group = made;
        return true;
      }
      Files.delete(made);
    }
    return false;
  }

  /** An empty folder for data that belongs to the image's user alone. */
  Path dataOf(Path folder) throws IOException {
    Files.createDirectories(folder);
    String[] ids = user().split(":");
    Files.setAttribute(folder, "unix:uid", Integer.parseInt(ids[0]));
    Files.setAttribute(folder, "unix:gid", Integer.parseInt(ids[1]));
    Files.setAttribute(folder, "unix:mode", 0700);
    return folder.toAbsolutePath();
  }

  /** The command that runs the image's entry point with these words behind it. */
  List<String> command(Path data, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of("unshare", "--mount", "--propagation", "private", "sh", "-euc", CONTAINER));
    command.addAll(
        List.of(
            "container",
            root.toString(),
            data.toString(),
            group == null ? "" : group.toString(),
            user(),
            configuration.path("WorkingDir").asText(),
            String.join(" ", base)));
    configuration.path("Entrypoint").forEach(word -> command.add(word.asText()));
    command.addAll(List.of(words));
    return command;
  }

  /** What the image and the caller set. */
  Map<String, String> environment(Map<String, String> further) {
    Map<String, String> all = new HashMap<>();
    for (JsonNode variable : configuration.path("Env")) {
      String[] parts = variable.asText().split("=", 2);
      all.put(parts[0], parts[1]);
    }
    all.putAll(further);
    return all;
  }

  /** Starts the service in a container. */
  ServiceProcess start(Path data, Map<String, String> environment, Path log) throws IOException {
    return ServiceProcess.start(command(data), Path.of(DATA), environment(environment), log);
  }

  /**
   * Runs a command of the service in a container.
   *
   * @return what it said, after the code that it ended with
   */
  String run(Path data, String... words) throws IOException, InterruptedException {
    File said = Files.createTempFile("image-it", ".out").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command(data, words)).redirectErrorStream(true).redirectOutput(said);
    builder.environment().putAll(environment(Map.of()));
    int code = builder.start().waitFor();
    String text = Files.readString(said.toPath());
    Files.delete(said.toPath());
    return code + "\n" + text;
  }

  /** Every file of the image with its size and time, so that a change is noticed. */
  List<String> contents() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<String> all = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        var attributes =
            Files.readAttributes(
                file, "unix:mode,size,lastModifiedTime,uid", LinkOption.NOFOLLOW_LINKS);
        all.add(root.relativize(file) + " " + new TreeMap<>(attributes));
      }
      return all;
    }
  }

  @Override
  public void close() throws IOException {
    if (group != null) {
      Files.delete(group);
    }
    FileSystemUtils.deleteRecursively(root.getParent());
  }
}
