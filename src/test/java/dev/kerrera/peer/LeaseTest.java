package dev.kerrera.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class LeaseTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestSchema schema;
    private final RawJobs sql;
    private final Lease one;
    private final Lease other;

    LeaseTest(TestSchema schema) {
        this.schema = schema;
        this.sql = new RawJobs(schema);
        this.one = lease("Kerrera", "one");
        this.other = lease("Kerrera", "other");
    }

    @Test
    void nobody_has_it_so_it_is_taken() {
        assertThat(one.holder()).isEmpty();

        assertThat(one.take(MINUTE)).isTrue();

        assertThat(one.holder()).contains("one");
        assertThat(other.holder()).contains("one");
        assertThat(row("name || ' ' || node")).isEqualTo("Kerrera one");
    }

    @Test
    void it_is_not_taken_from_one_who_has_it() {
        one.take(MINUTE);
        String before = row("oban_peers::text");

        assertThat(other.take(MINUTE)).isFalse();
        assertThat(other.take(MINUTE)).isFalse();

        assertThat(row("oban_peers::text")).isEqualTo(before);
    }

    @Test
    void it_is_taken_once_it_has_run_out_and_the_former_holder_does_not_get_it_back() {
        one.take(MINUTE);
        runOut();

        assertThat(other.take(MINUTE)).isTrue();
        assertThat(one.take(MINUTE)).isFalse();

        assertThat(one.holder()).contains("other");
    }

    @Test
    void a_renewal_moves_its_end_and_keeps_its_beginning() {
        one.take(MINUTE);
        String begun = row("started_at");
        String end = row("expires_at");

        assertThat(one.take(Duration.ofMinutes(2))).isTrue();

        assertThat(row("started_at")).isEqualTo(begun);
        assertThat(row("expires_at > timestamp '%s' + interval '59 seconds'".formatted(end)))
                .isEqualTo("t");
    }

    @Test
    void a_holder_who_let_it_run_out_begins_anew() {
        one.take(MINUTE);
        sql.run("UPDATE ${schema}.oban_peers SET started_at = '2026-01-01', expires_at = '2026-01-01'");

        assertThat(one.take(MINUTE)).isTrue();
        assertThat(one.take(MINUTE)).as("a renewal").isTrue();

        assertThat(row("started_at > '2026-01-01'")).isEqualTo("t");
    }

    @Test
    void a_second_process_of_the_same_node_name_does_not_take_it_for_its_own() {
        one.take(MINUTE);
        String before = row("oban_peers::text");
        Lease namesake = lease("Kerrera", "one");

        assertThat(namesake.take(MINUTE)).isFalse();
        assertThat(namesake.resign()).isFalse();

        assertThat(row("oban_peers::text")).isEqualTo(before);
        assertThat(one.take(MINUTE)).isTrue();
    }

    @Test
    void who_resigns_leaves_it_to_others() {
        one.take(MINUTE);

        assertThat(one.resign()).isTrue();

        assertThat(one.holder()).isEmpty();
        assertThat(one.resign()).as("a second time").isFalse();
        assertThat(other.take(MINUTE)).isTrue();
    }

    @Test
    void who_resigns_after_losing_it_leaves_the_next_holder_alone() {
        one.take(MINUTE);
        runOut();
        other.take(MINUTE);
        assertThat(one.resign()).isFalse();
        assertThat(one.holder()).contains("other");

        runOut();
        one.take(MINUTE);
        sql.run("UPDATE ${schema}.oban_peers SET started_at = started_at + interval '1 second'");
        assertThat(one.resign()).as("a namesake began it").isFalse();
        assertThat(one.holder()).contains("one");
    }

    @Test
    void one_that_has_run_out_is_held_by_nobody() {
        one.take(MINUTE);
        runOut();

        assertThat(one.holder()).isEmpty();
        assertThat(sql.query("SELECT node FROM ${schema}.oban_peers")).containsExactly("one");
    }

    @Test
    void its_times_are_the_databases_in_utc() {
        String before = sql.query("SELECT timezone('UTC', clock_timestamp())").get(0);
        one.take(Duration.ofMillis(61_500));

        assertThat(row("started_at BETWEEN '%s' AND timezone('UTC', clock_timestamp())".formatted(before)))
                .isEqualTo("t");
        assertThat(row("expires_at - started_at BETWEEN interval '61.5 seconds' AND interval '62.5 seconds'"))
                .isEqualTo("t");
    }

    @Test
    void it_lasts_no_longer_than_it_was_taken_for() {
        one.take(Duration.ofMillis(1));

        sql.query("SELECT pg_sleep(0.01)");

        assertThat(one.holder()).isEmpty();
        assertThat(other.take(MINUTE)).isTrue();
    }

    @Test
    void two_names_have_nothing_to_do_with_each_other() {
        Lease stranger = lease("Reports", "other");

        assertThat(one.take(MINUTE)).isTrue();
        assertThat(stranger.take(MINUTE)).isTrue();
        runOut();
        assertThat(other.take(MINUTE)).isTrue();

        assertThat(sql.query("SELECT name || ' ' || node FROM ${schema}.oban_peers ORDER BY 1"))
                .containsExactly("Kerrera other", "Reports other");
        assertThat(other.resign()).isTrue();
        assertThat(sql.query("SELECT name FROM ${schema}.oban_peers")).containsExactly("Reports");
    }

    @Test
    void a_leader_of_elixir_is_respected_until_its_lease_runs_out() {
        sql.run("""
                INSERT INTO ${schema}.oban_peers (name, node, started_at, expires_at)
                VALUES ('Oban', 'app@10.0.0.7', timezone('UTC', now()), timezone('UTC', now()) + interval '30 seconds')""");
        Lease here = lease("Oban", "here");
        assertThat(here.take(MINUTE)).isFalse();
        assertThat(here.resign()).isFalse();
        assertThat(here.holder()).contains("app@10.0.0.7");

        runOut();

        assertThat(here.take(MINUTE)).isTrue();
        assertThat(here.holder()).contains("here");
    }

    private Lease lease(String name, String node) {
        return new Lease(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()), name, node);
    }

    private void runOut() {
        sql.run("""
                UPDATE ${schema}.oban_peers SET expires_at = timezone('UTC', clock_timestamp()) - interval '1 microsecond'""");
    }

    private String row(String expression) {
        return sql.query("SELECT " + expression + " FROM ${schema}.oban_peers").get(0);
    }
}
