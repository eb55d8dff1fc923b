package bench;

import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * What all workloads do: begin with an empty table, and wait until all is done.
 *
 * @param peer who is measured
 * @param sink what its jobs call
 * @param database its database
 * @param threads for callers
 */
record Rig(Peer peer, Sink sink, Database database, ThreadFactory threads) {

    /** A line for a workload, as yet without results. */
    Result result(String workload) {
        return new Result(peer, workload);
    }

    Result configuration() throws SQLException {
        Result result = result("CONFIG");
        peer.configuration().forEach(result::put);
        return result.put("heap_mb", Runtime.getRuntime().maxMemory() >> 20)
                .put("jdk", System.getProperty("java.version"))
                .put("cpus", (long) Runtime.getRuntime().availableProcessors())
                .put("postgres", database.text("SHOW server_version"))
                .put("shared_buffers", database.text("SHOW shared_buffers"))
                .put("fsync", database.text("SHOW fsync"))
                .put("synchronous_commit", database.text("SHOW synchronous_commit"));
    }

    /** Has the code compiled that everybody runs: 500 single inserts, some thousand at once, and their runs. */
    void warm() throws Exception {
        int many = Sizes.of("WARM_N", 100_000);
        truncate();
        sink.reset(0);
        for (int i = 0; i < 500; i++) {
            peer.insert(5_000_000L + i);
        }
        peer.fill(0, many);
        peer.start();
        awaitDone(many + 500L, 60);
        peer.stop();
    }

    /** Begins a workload: nothing in the table, nothing left to write, and the machine as quiet as it gets. */
    void fresh() throws Exception {
        truncate();
        database.run("CHECKPOINT");
        awaitQuiet();
        sink.reset(0);
        Proc.resetPeak();
    }

    private void truncate() throws SQLException {
        database.run("TRUNCATE " + peer.table());
    }

    private static void awaitQuiet() throws InterruptedException {
        double most = Sizes.of("GATE_PCT", 20) / 100.0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Sizes.of("GATE_S", 30));
        int quiet = 0;
        while (quiet < 2 && System.nanoTime() < end) {
            double busy = Proc.busy();
            long since = System.nanoTime();
            Thread.sleep(700);
            double machine =
                    (System.nanoTime() - since) / 1e9 * Runtime.getRuntime().availableProcessors();
            quiet = (Proc.busy() - busy) / machine < most ? quiet + 1 : 0;
        }
    }

    /**
     * Waits until so many jobs have started and none is unfinished in the table.
     *
     * @return when that was, by {@code System.nanoTime}; 0 when it took too long
     */
    long awaitDone(long count, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (sink.performed() < count && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        return awaitTable(end);
    }

    /** Waits until no job is unfinished in the table; 0 when it took too long. */
    long awaitTable(long end) throws Exception {
        while (System.nanoTime() < end) {
            if (!database.finds("SELECT 1 FROM " + peer.unfinished() + " LIMIT 1")) {
                return System.nanoTime();
            }
            Thread.sleep(5);
        }
        return 0;
    }

    /** After how many seconds a drain is given up. */
    static int cap() {
        return Sizes.of("CAP_S", 90);
    }
}
