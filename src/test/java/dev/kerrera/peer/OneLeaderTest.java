package dev.kerrera.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.PeerSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever the nodes do at the same time, two never lead. */
@ExtendWith(PooledSchema.class)
@Timeout(120)
class OneLeaderTest {

    private static final int NODES = 8;
    private static final int ROUNDS = 200;
    private static final PeerSettings SETTINGS = new PeerSettings(true, Duration.ofMillis(20), Duration.ofMinutes(5));

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(NODES);
    private final AtomicInteger terms = new AtomicInteger();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final TestSchema schema;
    private final ConnectionPool pool;
    private final Notifier notifier;
    private volatile boolean over;

    OneLeaderTest(TestSchema schema) {
        this.schema = schema;
        this.pool = new ConnectionPool(schema.dataSource());
        this.notifier = TestNotifiers.local(
                TestSettings.of(schema.name(), "kerrera.notifier.transactional", "true"),
                new Jdbc(pool.dataSource(), Transactions.none()),
                Transactions.none());
    }

    @AfterEach
    void end() throws Exception {
        over = true;
        peers.forEach(Peer::stop);
        timer.shutdownNow();
        assertThat(timer.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        pool.close();
    }

    @Test
    void of_eight_nodes_that_all_want_to_follow_a_leader_never_more_than_one_does() throws InterruptedException {
        List<String> pairs = new CopyOnWriteArrayList<>();
        Thread watcher = new Thread(() -> {
            while (!over) {
                pairs.addAll(leadingTogether());
            }
        });
        watcher.start();
        for (int i = 0; i < NODES; i++) {
            join("first-" + i);
        }

        for (int round = 0; round < ROUNDS; round++) {
            awaitLeader();
            Peer leader = peers.stream().filter(Peer::leads).findFirst().orElseThrow();
            peers.remove(leader);
            leader.stop();
            assertThat(leader.leads()).isFalse();
            join("round-" + round);
            notifier.heard(1, schema.name() + ".oban_leader", "{\"down\":\"Kerrera\"}");
        }
        awaitLeader();
        over = true;
        watcher.join();

        assertThat(pairs).isEmpty();
        await().untilAsserted(() ->
                assertThat(terms).as("an election under way ends by itself").hasValue(2 * ROUNDS + 1));
    }

    /** Who was found to lead while another one did, without any change in between. */
    private List<String> leadingTogether() {
        List<String> pairs = new ArrayList<>();
        int before = terms.get();
        List<Peer> leading = peers.stream().filter(Peer::leads).toList();
        boolean still = leading.stream().allMatch(Peer::leads);
        if (leading.size() > 1 && still && terms.get() == before) {
            pairs.add(leading.toString());
        }
        return pairs;
    }

    private void awaitLeader() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> peers.stream().filter(Peer::leads).count() == 1);
    }

    private void join(String node) {
        Lease lease =
                new Lease(new Jdbc(pool.dataSource(), Transactions.none()), new Prefix(schema.name()), "Kerrera", node);
        Peer peer = new Peer(
                SETTINGS,
                "Kerrera",
                lease,
                notifier,
                new Telemetry(List.of(event -> terms.incrementAndGet())),
                () -> 0L);
        peers.add(peer);
        peer.start(timer);
    }
}
