package bench;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes a table of what several runs have measured: the median of each peer, and Kerrera's share of it. */
public final class Medians {

    private static final String OWN = "kerrera";
    private static final List<String> FIELDS = List.of(
            "jobs_per_s", "commit_to_start_p50_ms", "commit_to_start_p99_ms", "client_cpu_s_per_1k", "pg_cpu_s_per_1k");

    private Medians() {}

    /**
     * Runs it.
     *
     * @param arguments the directory of lines, in files that end in {@code .jsonl}
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, Map<String, List<Double>>> byRow = read(Path.of(arguments[0]));
        System.out.println("| workload | measure | peer | median (range), runs | kerrera is |");
        System.out.println("|---|---|---|---|---|");
        byRow.forEach((row, peers) -> peers.forEach((peer, values) -> {
            List<Double> own = peers.get(OWN);
            String ratio = peer.equals(OWN) || own == null ? "" : "%.2f times".formatted(median(own) / median(values));
            System.out.printf(
                    "| %s | %s | %s (%s–%s), %d | %s |%n",
                    row,
                    peer,
                    text(median(values)),
                    text(Collections.min(values)),
                    text(Collections.max(values)),
                    values.size(),
                    ratio);
        }));
    }

    private static Map<String, Map<String, List<Double>>> read(Path directory) throws IOException {
        Map<String, Map<String, List<Double>>> byRow = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    add(byRow, line);
                }
            }
        }
        return byRow;
    }

    private static void add(Map<String, Map<String, List<Double>>> byRow, String line) {
        try (JsonReader reader = Json.createReader(new StringReader(line))) {
            JsonObject result = reader.readObject();
            for (String field : FIELDS) {
                if (result.containsKey(field)) {
                    byRow.computeIfAbsent(result.getString("workload") + " | " + field, row -> new TreeMap<>())
                            .computeIfAbsent(result.getString("peer"), peer -> new ArrayList<>())
                            .add(result.getJsonNumber(field).doubleValue());
                }
            }
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static String text(double value) {
        return value < 10 ? "%.3f".formatted(value) : "%,.0f".formatted(value);
    }
}
