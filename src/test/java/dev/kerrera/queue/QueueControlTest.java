package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.Settings;
import dev.kerrera.db.FakeTransactions;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.engine.LastingOrders;
import dev.kerrera.notifier.Channel;
import dev.kerrera.notifier.Notifier;
import dev.kerrera.notifier.TestNotifiers;
import dev.kerrera.testsupport.JoinedDataSource;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.testsupport.TestSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What orders to queues say, when they go out, and what is refused. */
@Timeout(60)
@ExtendWith(PooledSchema.class)
class QueueControlTest {

    private static final QueueScope EVERYWHERE = QueueScope.everywhere();
    private static final QueueScope LOCAL = QueueScope.local();
    private static final QueueScope WEB_2 = QueueScope.onNode("web.2");

    private final FakeTransactions container = new FakeTransactions();
    private final List<String> signals = new ArrayList<>();
    private final TestSchema schema;
    private final TestNode node;
    private final RawJobs table;
    private Connection connection;
    private QueueControl control;

    QueueControlTest(TestSchema schema) {
        this.schema = schema;
        node = new TestNode(schema, "alpha", 5);
        table = node.jobs;
    }

    @BeforeEach
    void begin() throws SQLException {
        node.start();
        connection = schema.dataSource().getConnection();
        Jdbc jdbc = new Jdbc(JoinedDataSource.of(schema.dataSource(), connection), Transactions.of(container));
        Settings settings = TestSettings.of(schema.name(), "kerrera.notifier.mode", "poll", "kerrera.node", "me");
        Notifier notifier = TestNotifiers.local(settings, jdbc, Transactions.of(container));
        notifier.subscribe(Channel.SIGNAL, message -> signals.add(message.toString()));
        control =
                new QueueControl(settings, new LastingOrders(jdbc, new Prefix(schema.name())), notifier, node.queues());
    }

    @AfterEach
    void end() throws Exception {
        connection.close();
        node.close();
    }

    /** What is heard of an order on the node that gives it. */
    private String sent(Consumer<QueueControl> order) {
        signals.clear();
        order.accept(control);
        return signals.isEmpty() ? "nothing" : signals.get(0).replace('"', '\'');
    }

    @Test
    void every_order_is_obans_message() {
        assertThat(sent(c -> c.pause("alpha", EVERYWHERE)))
                .isEqualTo("{'action':'pause','ident':'any','queue':'alpha'}");
        assertThat(sent(c -> c.pause("alpha", LOCAL)))
                .isEqualTo("{'action':'pause','ident':'Kerrera.me','queue':'alpha'}");
        assertThat(sent(c -> c.pauseAll(EVERYWHERE))).isEqualTo("{'action':'pause','ident':'any','queue':'*'}");
        assertThat(sent(c -> c.resume("alpha", EVERYWHERE)))
                .isEqualTo("{'action':'resume','ident':'any','queue':'alpha'}");
        assertThat(sent(c -> c.resumeAll(QueueScope.onNode("me"))))
                .isEqualTo("{'action':'resume','ident':'Kerrera.me','queue':'*'}");
        assertThat(sent(c -> c.scale("alpha", 7, EVERYWHERE)))
                .isEqualTo("{'action':'scale','ident':'any','limit':7,'queue':'alpha'}");
        assertThat(sent(c -> c.scale("alpha", 7, QueueScope.onNode("me"))))
                .isEqualTo("{'action':'scale','ident':'Kerrera.me','limit':7,'node':'me','queue':'alpha'}");
        assertThat(sent(c -> c.start(QueueStart.of("beta", 2), EVERYWHERE)))
                .isEqualTo("{'action':'start','ident':'any','limit':2,'queue':'beta'}");
        assertThat(sent(c -> c.start(QueueStart.of("beta", 2).asPaused(), LOCAL)))
                .isEqualTo("{'action':'start','ident':'Kerrera.me','limit':2,'paused':true,'queue':'beta'}");
        assertThat(sent(c -> c.stop("alpha", EVERYWHERE))).isEqualTo("{'action':'stop','ident':'any','queue':'alpha'}");
    }

    @Test
    void an_order_to_another_node_is_not_heard_here() {
        assertThat(sent(c -> c.pause("alpha", WEB_2))).isEqualTo("nothing");
        assertThat(sent(c -> c.pause("no-such-queue-here", WEB_2))).isEqualTo("nothing");
    }

    @Test
    void an_order_that_lasts_is_also_a_row() {
        control.pause("alpha", EVERYWHERE.lasting());
        control.scale("alpha", 3, WEB_2.lasting());
        control.pauseAll(LOCAL.lasting());

        assertThat(rows()).containsExactly("* me t", "alpha  t", "alpha web.2 3");
        assertThat(signals).hasSize(2);

        control.resume("alpha", EVERYWHERE);
        assertThat(rows()).containsExactly("* me t", "alpha  t", "alpha web.2 3");
    }

    @Test
    void a_commit_sends_the_signal_and_keeps_the_row() throws Exception {
        begun();
        control.pause("alpha", EVERYWHERE.lasting());
        control.stop("alpha", EVERYWHERE);
        assertThat(signals).isEmpty();
        assertThat(rows()).isEmpty();

        connection.commit();
        container.commit();

        assertThat(signals).hasSize(2);
        assertThat(rows()).containsExactly("alpha  t");
    }

    @Test
    void a_rollback_leaves_neither_signal_nor_row() throws Exception {
        begun();
        control.pause("alpha", EVERYWHERE.lasting());
        control.scale("alpha", 3, EVERYWHERE.lasting());
        control.start(QueueStart.of("beta", 2), EVERYWHERE);

        connection.rollback();
        container.rollback();

        assertThat(signals).isEmpty();
        assertThat(rows()).isEmpty();
    }

    private void begun() throws SQLException {
        connection.setAutoCommit(false);
        container.begin();
    }

    @Test
    void an_order_to_this_node_needs_a_queue_that_runs_here() {
        String message = "queue beta does not run on this node: start it, or address the nodes where it does";

        refused(() -> control.pause("beta", LOCAL)).withMessage(message);
        refused(() -> control.resume("beta", LOCAL)).withMessage(message);
        refused(() -> control.scale("beta", 3, LOCAL.lasting())).withMessage(message);
        refused(() -> control.stop("beta", LOCAL)).withMessage(message);

        assertThat(signals).isEmpty();
        assertThat(rows()).isEmpty();
    }

    @Test
    void an_order_to_all_nodes_needs_none() {
        control.pause("beta", EVERYWHERE);
        control.stop("beta", EVERYWHERE);

        assertThat(signals).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*"})
    void a_name_that_no_queue_can_have_is_refused(String queue) {
        String message = "queue must be the name of one queue, 1 to 127 characters other than *, was '" + queue + "'";

        refused(() -> control.pause(queue, EVERYWHERE)).withMessage(message);
        refused(() -> control.resume(queue, EVERYWHERE)).withMessage(message);
        refused(() -> control.scale(queue, 1, EVERYWHERE)).withMessage(message);
        refused(() -> control.start(QueueStart.of(queue, 1), EVERYWHERE)).withMessage(message);
        refused(() -> control.stop(queue, EVERYWHERE)).withMessage(message);
        refused(() -> control.check(queue)).withMessage(message);
        assertThat(signals).isEmpty();
    }

    @Test
    void a_limit_is_at_least_one() {
        refused(() -> control.scale("alpha", 0, EVERYWHERE.lasting()))
                .withMessage("limit must be at least 1, was 0: pause or stop the queue instead");
        refused(() -> control.start(QueueStart.of("beta", -3), EVERYWHERE))
                .withMessage("limit must be at least 1, was -3: leave the queue stopped instead");
        assertThat(rows()).isEmpty();
    }

    @Test
    void starts_and_stops_do_not_last() {
        refused(() -> control.start(QueueStart.of("beta", 1), EVERYWHERE.lasting()))
                .withMessageContaining("cannot be started for good");
        refused(() -> control.stop("alpha", EVERYWHERE.lasting())).withMessageContaining("cannot be stopped for good");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "web 2"})
    void a_node_has_a_name(String name) {
        refused(() -> QueueScope.onNode(name)).withMessageStartingWith("node must be the name of a node");
    }

    @Test
    void a_scope_is_what_it_says() {
        assertThat(QueueScope.onNode("a").lasting())
                .isEqualTo(QueueScope.onNode("a").lasting())
                .isNotEqualTo(QueueScope.onNode("a"))
                .hasSameHashCodeAs(QueueScope.onNode("a").lasting())
                .hasToString("on node a, lasting");
        assertThat(EVERYWHERE).hasToString("everywhere").isNotEqualTo(LOCAL);
        assertThat(LOCAL).hasToString("on this node");
    }

    @Test
    void a_queue_of_this_node_can_be_looked_at() {
        assertThat(control.check("alpha")).hasValueSatisfying(status -> {
            assertThat(status.limit()).isEqualTo(5);
            assertThat(status.paused()).isFalse();
            assertThat(status.name()).isEqualTo("Kerrera");
            assertThat(status.refreshInterval())
                    .isEqualTo(node.settings.lifeline().interval());
            assertThat(status.updatedAt()).isAfterOrEqualTo(status.startedAt());
            assertThat(status.shutdownStartedAt()).isNull();
        });
        assertThat(control.check("beta")).isEmpty();
        assertThat(control.checkAll()).extracting(QueueStatus::queue).containsExactly("alpha");
    }

    private static ThrowableAssertAlternative<IllegalArgumentException> refused(ThrowingCallable order) {
        return assertThatIllegalArgumentException().isThrownBy(order);
    }

    private List<String> rows() {
        return table.query("SELECT concat_ws(' ', queue, node, paused, running_limit)"
                + " FROM ${schema}.kerrera_queues ORDER BY queue, node");
    }
}
