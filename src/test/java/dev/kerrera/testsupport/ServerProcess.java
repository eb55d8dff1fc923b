package dev.kerrera.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The application server's process, seen from outside. */
public final class ServerProcess {

    private ServerProcess() {}

    /** Stacks of the server's threads, virtual ones included, that are in code of a package. */
    public static List<String> threadsIn(String packageName) throws IOException, InterruptedException {
        return Arrays.stream(dump().split("\n\\s*\n"))
                .filter(thread ->
                        thread.contains("at " + packageName + ".") || thread.contains("      " + packageName + "."))
                .toList();
    }

    private static String dump() throws IOException, InterruptedException {
        String pid = String.valueOf(process().pid());
        if (Runtime.version().feature() < 21) {
            return jcmd(pid, "Thread.print");
        }
        Path file = Files.createTempFile(Path.of("target"), "threads", ".txt");
        Files.delete(file);
        jcmd(pid, "Thread.dump_to_file", file.toAbsolutePath().toString());
        return Files.readString(file);
    }

    private static String jcmd(String... arguments) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        ProcessBuilder command = new ProcessBuilder(jcmd.toString()).redirectErrorStream(true);
        command.command().addAll(List.of(arguments));
        Process process = command.start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException("jcmd failed: " + output);
        }
        return output;
    }

    private static ProcessHandle process() {
        String server = System.getProperty("liberty.server");
        String tail = Path.of(System.getProperty("liberty.home"), "bin", "tools", "ws-server.jar") + " " + server;
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith(tail))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No server named " + server + " runs"));
    }
}
