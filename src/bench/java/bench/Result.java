package bench;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** One line of what was measured: a JSON object whose keys keep their order. */
final class Result {

    private final Map<String, JsonValue> values = new LinkedHashMap<>();

    Result(Peer peer, String workload) {
        put("peer", peer.name());
        put("version", peer.version());
        put("rep", (long) Sizes.of("REP", 1));
        put("t", System.currentTimeMillis() / 1000);
        put("workload", workload);
    }

    Result put(String key, String value) {
        values.put(key, Json.createValue(value));
        return this;
    }

    Result put(String key, long value) {
        values.put(key, Json.createValue(value));
        return this;
    }

    Result put(String key, boolean value) {
        values.put(key, value ? JsonValue.TRUE : JsonValue.FALSE);
        return this;
    }

    /** Four places below ten, and one above. */
    Result put(String key, double value) {
        int places = Math.abs(value) < 10 ? 4 : 1;
        values.put(key, Json.createValue(BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_EVEN)));
        return this;
    }

    /** The spread of durations in nanoseconds, which are sorted by this. */
    Result spread(String key, long[] nanos) {
        Arrays.sort(nanos);
        if (nanos.length > 0) {
            put(key + "_p50_ms", quantile(nanos, .50));
            put(key + "_p95_ms", quantile(nanos, .95));
            put(key + "_p99_ms", quantile(nanos, .99));
            put(key + "_max_ms", nanos[nanos.length - 1] / 1e6);
        }
        return this;
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e6;
    }

    /** What the jobs cost between two looks. */
    Result cost(Cost before, Cost after, long jobs) {
        long divisor = Math.max(1, jobs);
        put("client_cpu_s_per_1k", (after.client() - before.client()) * 1000 / divisor);
        put("pg_cpu_s_per_1k", (after.postgres() - before.postgres()) * 1000 / divisor);
        put("wal_bytes_per_job", (after.wal() - before.wal()) / divisor);
        return surroundings(before, after);
    }

    /** What else went on, and the memory it took. */
    Result surroundings(Cost before, Cost after) {
        double machine = after.secondsSince(before) * Runtime.getRuntime().availableProcessors();
        double others = (after.busy() - before.busy())
                - (after.client() - before.client())
                - (after.postgres() - before.postgres());
        put("foreign_cpu_pct", Math.max(0, others / machine * 100));
        put("rss_peak_mb", Proc.peakRssMb());
        return put("load1", Proc.load());
    }

    @Override
    public String toString() {
        JsonObjectBuilder line = Json.createObjectBuilder();
        values.forEach(line::add);
        return line.build().toString();
    }
}
