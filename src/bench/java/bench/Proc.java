package bench;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads Linux's {@code /proc}; where there is none, everything is 0. */
final class Proc {

    private static final System.Logger LOG = System.getLogger(Proc.class.getName());
    private static final Path PROC = Path.of("/proc");
    private static final double TICKS = 100.0;

    // Places in /proc/<pid>/stat, counted from behind the name of the program.
    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    private Proc() {}

    /** CPU seconds of a process. */
    static double cpu(long pid) {
        try {
            String[] stat = stat(PROC.resolve(Long.toString(pid)));
            return seconds(stat, USER, SYSTEM);
        } catch (IOException gone) {
            return 0;
        }
    }

    /** CPU seconds of PostgreSQL: its postmaster, the children that have ended, and those that run. */
    static double postgresCpu() {
        String postmaster = postmaster();
        if (postmaster.isEmpty()) {
            return 0;
        }
        double sum = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                sum += postgresCpu(process, postmaster);
            }
        } catch (IOException unreadable) {
            return 0;
        }
        return sum;
    }

    private static double postgresCpu(Path process, String postmaster) {
        try {
            String[] stat = stat(process);
            if (process.getFileName().toString().equals(postmaster)) {
                return seconds(stat, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM);
            }
            return stat[PARENT].equals(postmaster) ? seconds(stat, USER, SYSTEM) : 0;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static String postmaster() {
        String data = Sizes.text("BENCH_PGDATA", "");
        if (data.isEmpty()) {
            return "";
        }
        try {
            return Files.readAllLines(Path.of(data, "postmaster.pid")).get(0).strip();
        } catch (IOException unreadable) {
            LOG.log(
                    Level.WARNING,
                    "PostgreSQL's CPU is not measured: BENCH_PGDATA has no readable postmaster.pid",
                    unreadable);
            return "";
        }
    }

    private static double seconds(String[] stat, int... places) {
        long ticks = 0;
        for (int place : places) {
            ticks += Long.parseLong(stat[place]);
        }
        return ticks / TICKS;
    }

    private static String[] stat(Path process) throws IOException {
        String line = Files.readString(process.resolve("stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }

    /** CPU seconds of the machine, idling and waiting for disks left out. */
    static double busy() {
        try {
            String[] fields = Files.readAllLines(PROC.resolve("stat")).get(0).split("\\s+");
            long ticks = 0;
            for (int i = 1; i <= 8; i++) {
                if (i != 4 && i != 5) {
                    ticks += Long.parseLong(fields[i]);
                }
            }
            return ticks / TICKS;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** Has the peak of this process's memory counted from now on. */
    static void resetPeak() {
        try {
            Files.writeString(PROC.resolve("self/clear_refs"), "5");
        } catch (IOException refused) {
            LOG.log(Level.DEBUG, "The peak of memory is that of the whole life", refused);
        }
    }

    static long peakRssMb() {
        try {
            return Files.readAllLines(PROC.resolve("self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException unreadable) {
            return -1;
        }
    }

    static String load() {
        try {
            return Files.readString(PROC.resolve("loadavg")).split(" ")[0];
        } catch (IOException unreadable) {
            return "?";
        }
    }
}
