package dev.kerrera.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.config.PeerSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.telemetry.PeerElected;
import dev.kerrera.telemetry.Telemetry;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.RecordedEvents;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

@ExtendWith(PooledSchema.class)
@Timeout(60)
class PeerTest {

    private static final PeerSettings ONCE = new PeerSettings(true, Duration.ofHours(1), Duration.ofHours(4));
    private static final PeerSettings OFTEN = new PeerSettings(true, Duration.ofMillis(5), Duration.ofMinutes(1));
    private static final PeerSettings SHORT = new PeerSettings(true, Duration.ofMillis(50), Duration.ofSeconds(4));
    private static final String TAKE = "oban_peers AS held";

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(4);
    private final TestSchema schema;
    private final RawJobs sql;
    private final TappedDataSource tapped;

    PeerTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
        this.tapped = new TappedDataSource(schema.dataSource());
    }

    /** Returns when no election is under way that could still write to the next test's table. */
    @AfterEach
    void end() throws InterruptedException {
        tapped.recover();
        timer.shutdownNow();
        assertThat(timer.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** One node of the instances called Kerrera. */
    private final class Node {

        private final RecordedEvents events = new RecordedEvents();
        private final Notifier notifier;
        private final Peer peer;

        Node(String node, PeerSettings settings) {
            Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
            notifier = TestNotifiers.local(
                    TestSettings.of(schema.name(), "kerrera.notifier.transactional", "true"),
                    jdbc,
                    Transactions.none());
            peer = new Peer(
                    settings,
                    "Kerrera",
                    new Lease(jdbc, new Prefix(schema.name()), "Kerrera", node),
                    notifier,
                    new Telemetry(List.of(events)),
                    () -> 0L);
        }

        Node start() {
            peer.start(timer);
            return this;
        }

        Node leading() {
            start();
            await().until(peer::leads);
            return this;
        }

        /** Started where another one leads. */
        Node following() {
            int elections = elections();
            start();
            await().until(() -> elections() > elections && timer.getActiveCount() == 0);
            assertThat(peer.leads()).isFalse();
            return this;
        }

        void hear(String payload) {
            notifier.heard(1, channel(), payload);
        }

        List<Boolean> elected() {
            return events.of(PeerElected.class).stream()
                    .map(PeerElected::leading)
                    .toList();
        }
    }

    @Test
    void a_node_leads_soon_after_its_start() {
        Node one = new Node("one", ONCE);
        assertThat(one.peer.leads()).isFalse();
        assertThat(one.peer.leader()).isEmpty();

        one.leading();

        assertThat(one.peer.leader()).contains("one");
        assertThat(one.events.awaitOne(PeerElected.class)).isEqualTo(new PeerElected("Kerrera", true));
        assertThat(one.peer.loop().name()).isEqualTo("The election");
        assertThat(one.peer.isEnabled()).isTrue();
    }

    @Test
    void a_second_node_does_not_lead_while_the_first_one_does() {
        Node one = new Node("one", ONCE).leading();
        Node two = new Node("two", OFTEN).start();

        await().until(() -> elections() > 10);

        assertThat(two.peer.leads()).isFalse();
        assertThat(two.peer.leader()).contains("one");
        assertThat(two.elected()).isEmpty();
        assertThat(one.peer.leads()).isTrue();
    }

    @Test
    void a_node_that_is_not_to_lead_does_not_stand_for_election() {
        Node one = new Node("one", new PeerSettings(false, Duration.ofMillis(1), Duration.ofSeconds(1)));

        one.start();
        one.hear("{\"down\":\"Kerrera\"}");
        one.peer.stop();

        assertThat(timer.getTaskCount()).isZero();
        assertThat(one.peer.isEnabled()).isFalse();
        assertThat(one.peer.leads()).isFalse();
        assertThat(tapped.statements("")).isEmpty();
    }

    @Test
    void changes_are_told_and_renewals_are_not() {
        Node one = new Node("one", OFTEN).leading();
        await().until(() -> elections() > 10);
        assertThat(one.elected()).containsExactly(true);

        one.peer.stop();

        assertThat(one.elected()).containsExactly(true, false);
    }

    @Test
    void a_leader_whose_lease_went_to_another_steps_down_at_its_next_renewal() {
        Node one = new Node("one", OFTEN).leading();

        sql.run("UPDATE ${schema}.oban_peers SET node = 'usurper'");

        await().until(() -> !one.peer.leads());
        await().untilAsserted(() -> assertThat(one.elected()).containsExactly(true, false));
        assertThat(one.peer.leader()).contains("usurper");
    }

    @Test
    void a_follower_leads_as_soon_as_it_hears_that_the_leader_resigned() throws SQLException {
        Node one = new Node("one", ONCE).leading();
        Node two = new Node("two", ONCE).following();
        try (Connection tap = EmbeddedPostgresServer.direct().dataSource().getConnection()) {
            tap.createStatement().execute("LISTEN \"" + channel() + '"');

            one.peer.stop();

            assertThat(one.peer.leads()).isFalse();
            assertThat(one.peer.leader()).isEmpty();
            PGNotification[] heard = tap.unwrap(PGConnection.class).getNotifications(10_000);
            assertThat(heard)
                    .singleElement()
                    .extracting(PGNotification::getParameter)
                    .isEqualTo("{\"down\":\"Kerrera\"}");
            two.hear(heard[0].getParameter());
        }
        await().until(two.peer::leads);
        assertThat(two.peer.leader()).contains("two");
    }

    @Test
    void a_follower_that_stops_says_nothing_and_leaves_the_leader_alone() {
        Node one = new Node("one", ONCE).leading();

        new Node("two", ONCE).following().peer.stop();

        assertThat(one.peer.leader()).contains("one");
        assertThat(tapped.statements("pg_notify")).isEmpty();
    }

    @Test
    void the_resignation_of_another_names_leader_concerns_nobody() throws Exception {
        timer.setCorePoolSize(1);
        new Node("one", ONCE).leading();
        Node two = new Node("two", ONCE).following();
        sql.run("DELETE FROM ${schema}.oban_peers");
        int elections = elections();

        for (String foreign : List.of("{\"down\":\"Oban\"}", "{\"down\":7}", "{\"up\":\"Kerrera\"}", "{}")) {
            two.hear(foreign);
        }
        timer.submit(() -> {}).get();
        assertThat(elections()).isEqualTo(elections);

        two.hear("{\"down\":\"Kerrera\"}");
        await().until(two.peer::leads);
    }

    @Test
    void who_has_stopped_does_not_stand_again() throws Exception {
        timer.setCorePoolSize(1);
        Node one = new Node("one", ONCE).leading();
        one.peer.stop();
        int elections = elections();

        one.start();
        one.hear("{\"down\":\"Kerrera\"}");
        timer.submit(() -> {}).get();

        assertThat(elections()).isEqualTo(elections);
        assertThat(one.peer.leads()).isFalse();
    }

    @Test
    void a_leader_that_hears_nothing_from_the_database_ceases_to_lead_before_its_lease_runs_out() {
        Node one = new Node("one", SHORT).leading();
        tapped.hang("oban_peers", new CountDownLatch(1));
        long start = System.nanoTime();

        await().pollInterval(Duration.ofMillis(5)).until(() -> !one.peer.leads());

        assertThat(sql.query("SELECT expires_at > timezone('UTC', clock_timestamp()) FROM ${schema}.oban_peers"))
                .containsExactly("t");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2), SHORT.lease());
        assertThat(one.elected()).as("no election has returned").containsExactly(true);
    }

    @Test
    void a_leader_survives_a_short_outage_of_the_database_and_no_long_one() {
        Node one = new Node("one", SHORT).leading();
        int before = elections();
        tapped.fail(TAKE, Integer.MAX_VALUE);

        await().until(() -> elections() > before + 3);
        assertThat(one.peer.leads()).isTrue();
        assertThat(one.elected()).containsExactly(true);

        await().until(() -> !one.peer.leads());
        await().untilAsserted(() -> assertThat(one.elected()).containsExactly(true, false));

        tapped.recover();
        await().until(one.peer::leads);
        assertThat(one.events.await(PeerElected.class, 3)).last().isEqualTo(new PeerElected("Kerrera", true));
    }

    @Test
    void a_lease_that_cannot_be_given_back_keeps_nobody_from_stopping() {
        Node one = new Node("one", ONCE).leading();
        tapped.refuseConnections(1);

        one.peer.stop();

        assertThat(one.peer.leads()).isFalse();
        assertThat(one.peer.leader()).as("until it runs out").contains("one");
        assertThat(tapped.statements("pg_notify")).isEmpty();
    }

    @Test
    void a_stop_does_not_wait_for_ever_for_an_election_and_its_late_success_is_given_back() {
        CountDownLatch latch = new CountDownLatch(1);
        tapped.hang(TAKE, latch);
        Node one = new Node("one", ONCE).start();
        await().until(() -> elections() == 1);

        one.peer.stop();
        assertThat(latch.getCount()).isOne();
        latch.countDown();

        await().until(() -> timer.getActiveCount() == 0);
        assertThat(one.peer.leads()).isFalse();
        assertThat(one.peer.leader()).isEmpty();
    }

    private int elections() {
        return tapped.statements(TAKE).size();
    }

    private String channel() {
        return schema.name() + ".oban_leader";
    }
}
