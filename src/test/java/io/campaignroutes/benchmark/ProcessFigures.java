package io.campaignroutes.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

  private long status(String field) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
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
