package dev.kerrera.cluster;

import dev.kerrera.WeldNode;
import dev.kerrera.peer.Peer;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.Schemas;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** A whole node in a JVM of its own, which runs until its input ends. What it prints says when it led. */
final class ClusterNode {

    private ClusterNode() {}

    /** Called with schema, node and keys and values of further settings; the environment names the server. */
    public static void main(String[] arguments) throws Exception {
        TestSchema schema = Schemas.known(arguments[0]);
        String[] settings = new String[arguments.length];
        settings[0] = "kerrera.node";
        settings[1] = arguments[1];
        System.arraycopy(arguments, 2, settings, 2, arguments.length - 2);
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        ConnectionPool pool = new ConnectionPool(schema.dataSource());
        DataSource dataSource = pool.dataSource();
        Tally.dataSource = dataSource;
        try (WeldNode node =
                new WeldNode(TestSettings.of(schema.name(), settings), dataSource, Tally.class, Parked.class)) {
            System.out.println("started");
            Peer peer = node.get(Peer.class);
            sampler.scheduleAtFixedRate(() -> sample(peer, System.out), 0, 5, TimeUnit.MILLISECONDS);
            while (System.in.read() >= 0) {
                // until whoever started it closes the stream
            }
        }
        sampler.shutdownNow();
        System.out.println("stopped");
        System.exit(0);
    }

    /** The time is taken before the question, so that what is printed was true at some moment after it. */
    private static void sample(Peer peer, PrintStream out) {
        long now = System.currentTimeMillis();
        if (peer.leads()) {
            out.println("leads " + now);
        }
    }
}
