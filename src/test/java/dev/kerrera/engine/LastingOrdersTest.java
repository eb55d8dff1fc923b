package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.DatabaseException;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class LastingOrdersTest {

    private static final String ALL = LastingOrders.ALL_QUEUES;
    private static final String EVERY = LastingOrders.ALL_NODES;

    private final RawJobs table;
    private final LastingOrders orders;

    LastingOrdersTest(TestSchema schema) {
        table = new RawJobs(schema);
        orders = new LastingOrders(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @Test
    void an_order_is_a_row_and_both_its_parts_share_it() {
        orders.pause("Oban", "mail", EVERY, true);
        orders.scale("Oban", "mail", EVERY, 7);

        assertThat(rows()).containsExactly("Oban mail '' t 7");
        LastingOrder read = orders.read("Oban", "here").get(0);
        LastingOrder.Part<Boolean> paused = read.paused().orElseThrow();
        LastingOrder.Part<Integer> limit = read.limit().orElseThrow();
        assertThat(paused.value()).isTrue();
        assertThat(limit.value()).isEqualTo(7);
        assertThat(paused.age()).isBetween(limit.age(), Duration.ofMinutes(1));
        assertThat(limit.age()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(limit.at()).isAfter(paused.at());
    }

    @Test
    void an_order_given_again_moves_its_own_moment() {
        orders.pause("Oban", "mail", EVERY, true);
        orders.scale("Oban", "mail", EVERY, 7);
        backdate();

        orders.pause("Oban", "mail", EVERY, true);

        assertThat(pausedAt()).isAfter("2025-01-01T00:00:00Z");
        assertThat(limitAt()).isEqualTo("2020-01-01T00:00:00Z");
        backdate();

        orders.scale("Oban", "mail", EVERY, 7);

        assertThat(pausedAt()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(limitAt()).isAfter("2025-01-01T00:00:00Z");
    }

    @Test
    void a_node_reads_what_concerns_it_the_narrower_before_the_broader() {
        orders.pause("Oban", ALL, EVERY, false);
        orders.pause("Oban", "mail", EVERY, true);
        orders.pause("Oban", ALL, "here", false);
        orders.pause("Oban", "mail", "here", true);
        orders.pause("Oban", "mail", "there", true);
        orders.pause("Other", "mail", "here", true);

        assertThat(orders.read("Oban", "here"))
                .extracting(order -> order.queue() + "@" + order.node())
                .containsExactly("mail@here", "*@here", "mail@", "*@");
    }

    @Test
    void a_broader_order_takes_back_what_narrower_ones_said_of_the_same() {
        orders.pause("Oban", "mail", "here", true);
        orders.scale("Oban", "mail", "here", 3);
        orders.pause("Oban", "mail", EVERY, true);
        assertThat(rows()).containsExactly("Oban mail '' t", "Oban mail 'here' 3");

        orders.pause("Oban", ALL, EVERY, false);
        assertThat(rows()).containsExactly("Oban * '' f", "Oban mail 'here' 3");

        orders.scale("Oban", "mail", EVERY, 9);
        assertThat(rows()).containsExactly("Oban * '' f", "Oban mail '' 9");
    }

    @Test
    void an_order_takes_nothing_back_beside_its_own_scope() {
        orders.pause("Oban", "post", "here", true);
        orders.pause("Oban", "mail", "there", true);
        orders.pause("Other", "mail", "here", true);
        orders.pause("Oban", ALL, "elsewhere", true);
        orders.pause("Oban", "mail", "here", false);
        orders.pause("Oban", ALL, "nowhere", true);

        assertThat(rows()).hasSize(6);

        orders.pause("Oban", "mail", EVERY, false);

        assertThat(rows())
                .containsExactly(
                        "Oban * 'elsewhere' t",
                        "Oban * 'nowhere' t",
                        "Oban mail '' f",
                        "Oban post 'here' t",
                        "Other mail 'here' t");
    }

    @Test
    void what_is_left_of_an_order_keeps_its_moment() {
        orders.pause("Oban", "mail", "here", true);
        orders.scale("Oban", "mail", "here", 3);
        backdate();

        orders.pause("Oban", ALL, EVERY, false);

        assertThat(orders.read("Oban", "here").get(0).paused()).isEmpty();
        assertThat(limitAt()).isEqualTo("2020-01-01T00:00:00Z");
    }

    @Test
    void a_limit_is_positive() {
        assertThatThrownBy(() -> orders.scale("Oban", "mail", EVERY, 0)).isInstanceOf(DatabaseException.class);
        assertThat(rows()).isEmpty();
    }

    private void backdate() {
        table.run("UPDATE ${schema}.kerrera_queues SET paused_at = '2020-01-01' WHERE paused_at IS NOT NULL");
        table.run("UPDATE ${schema}.kerrera_queues SET limit_at = '2020-01-01' WHERE limit_at IS NOT NULL");
    }

    private Instant pausedAt() {
        return orders.read("Oban", "here").get(0).paused().orElseThrow().at();
    }

    private Instant limitAt() {
        return orders.read("Oban", "here").get(0).limit().orElseThrow().at();
    }

    private List<String> rows() {
        return table.query("SELECT concat_ws(' ', name, queue, quote_literal(node), paused, running_limit)"
                + " FROM ${schema}.kerrera_queues ORDER BY name, queue, node");
    }
}
