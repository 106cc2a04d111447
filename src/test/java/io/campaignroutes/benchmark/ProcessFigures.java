package io.campaignroutes.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process uses of the machine.
 *
 * @param process the process, which may have ended
 */
public record ProcessFigures(ProcessHandle process) {

  /** Resident memory in MiB; 0 where the system does not tell. */
  public long residentMb() {
    return status("VmRSS") >> 10;
  }

  /** The most resident memory that it ever had, in MiB. */
  public long peakResidentMb() {
    return status("VmHWM") >> 10;
  }

  /** How many threads it has. */
  public long threads() {
    return status("Threads");
  }

  /** Processor time that it has used, in seconds, of all cores together. */
  public double cpuSeconds() {
    return process.info().totalCpuDuration().map(used -> used.toMillis() / 1e3).orElse(0.0);
  }

  /** The part of {@link #cpuSeconds} that the JVM's compilers have used; 0 where nobody tells. */
  public double compilerSeconds() {
    double ticks = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        if (name.matches("C[12] Compiler.*")) {
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
          ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return ticks / 100; // USER_HZ of every Linux
  }

  /** How often its threads have begun to run after they had waited; 0 where nobody tells. */
  public long wakes() {
    long wakes = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
      for (Path thread : threads.toList()) {
        wakes += status(thread.resolve("status"), "voluntary_ctxt_switches");
      }
    } catch (IOException e) {
      return 0;
    }
    return wakes;
  }

  private long status(String field) {
    return status(Path.of("/proc", "" + process.pid(), "status"), field);
  }

  private static long status(Path file, String field) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(field + ":")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      return 0; // it has ended, or this is no Linux
    }
    return 0;
  }
}
