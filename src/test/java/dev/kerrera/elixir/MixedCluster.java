package dev.kerrera.elixir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.JobService;
import dev.kerrera.WeldNode;
import dev.kerrera.job.NewJob;
import dev.kerrera.notifier.Listening;
import dev.kerrera.notifier.Wiretap;
import dev.kerrera.notifier.Wiretap.Heard;
import dev.kerrera.peer.Peer;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node of Kerrera's and one that acts as an Elixir node does, under one name on one database. Whatever they do, every row and
 * every message stays good for Elixir. Kerrera's polls once an hour, so what it does it was told.
 */
@Timeout(120)
@ExtendWith(PooledSchema.class)
abstract class MixedCluster {

    private static final String[] CHANNELS = {"insert", "signal", "leader", "sonar", "gossip", "metrics", "cronitor"};

    private final List<WeldNode> started = new ArrayList<>();
    private final TestSchema schema;
    final RawJobs sql;
    private final RowContract rows;
    private Wiretap tap;
    ForeignNode elixir;

    MixedCluster(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
        this.rows = new RowContract(sql);
    }

    @BeforeEach
    void listen() throws SQLException {
        tap = new Wiretap(Stream.of(CHANNELS)
                .map(channel -> schema.name() + ".oban_" + channel)
                .toArray(String[]::new));
        elixir = new ForeignNode(schema.name(), "web.1");
    }

    @AfterEach
    void everythingWasGoodForElixir() throws SQLException {
        try {
            assertGood();
            List.copyOf(started).forEach(this::stop);
            assertGood();
        } finally {
            started.forEach(WeldNode::close);
            elixir.close();
            tap.close();
        }
    }

    /** Every row as it is, and every message that Kerrera's node has sent so far. */
    final void assertGood() throws SQLException {
        assertThat(rows.breaches()).isEmpty();
        int others = elixir.backend();
        assertThat(tap.all().stream().filter(one -> one.backend() != others).map(MessageContract::breach))
                .allMatch(Optional::isEmpty);
    }

    final List<String> sentByJava(String channel) {
        try {
            int others = elixir.backend();
            List<String> sent = new ArrayList<>();
            for (Heard one : tap.all()) {
                if (one.backend() != others && one.channel().equals(schema.name() + ".oban_" + channel)) {
                    sent.add(one.payload());
                }
            }
            return sent;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    final void awaitInsertFor(String queue, int times) {
        String message = "{\"queue\":\"" + queue + "\"}";
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        sentByJava("insert").stream().filter(message::equals).count() >= times);
    }

    final long insertedByElixir(String deed) {
        try {
            return elixir.insert(
                    "java", "java.Deeds", "{\"deed\": \"" + deed + "\"}", deed.equals("fail once") ? 2 : 1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    final String lease() {
        return sql.query("SELECT oban_peers::text FROM ${schema}.oban_peers").toString();
    }

    final WeldNode leading(String name) {
        WeldNode node = node(name);
        await().until(node.get(Peer.class)::leads);
        return node;
    }

    final WeldNode node(String name) {
        String[] settings = {
            "kerrera.name",
            ForeignNode.NAME,
            "kerrera.node",
            name,
            "kerrera.migrate",
            "false",
            "kerrera.queues",
            "java:3",
            "kerrera.poll-interval",
            "1h",
            "kerrera.shutdown-grace-period",
            "100ms"
        };
        WeldNode node = new WeldNode(TestSettings.of(schema.name(), settings), schema.dataSource(), Deeds.class);
        started.add(node);
        await().until(() -> node.get(Listening.class).status().state().name().equals("LISTENING"));
        return node;
    }

    final void stop(WeldNode node) {
        started.remove(node);
        node.close();
    }

    static JobService jobs(WeldNode node) {
        return node.get(JobService.class);
    }

    static NewJob deed(String deed) {
        return NewJob.of("java.Deeds", Map.of("deed", deed)).queue("java");
    }

    static Optional<QueueStatus> check(WeldNode node, String queue) {
        return jobs(node).checkQueue(queue);
    }
}
