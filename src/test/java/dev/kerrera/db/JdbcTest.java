package dev.kerrera.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.testsupport.CallersConnection;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.JoinedDataSource;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class JdbcTest {

    private static final TimeZone OWN_ZONE = TimeZone.getDefault();

    private final TestSchema schema;
    private final Jdbc jdbc;

    JdbcTest(TestSchema schema) {
        this.schema = schema;
        this.jdbc = new Jdbc(schema.dataSource(), Transactions.none());
    }

    @AfterEach
    void restoreTimeZone() {
        TimeZone.setDefault(OWN_ZONE);
    }

    @Test
    void what_must_be_committed_is_not_run_where_it_would_not_be() throws SQLException {
        String sql = "SELECT 1";
        assertThat(jdbc.queryCommitted(sql, p -> {}, row -> row.number())).containsExactly(1L);
        try (Connection connection = schema.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Jdbc begun = new Jdbc(JoinedDataSource.of(schema.dataSource(), connection), Transactions.none());

            assertThatThrownBy(() -> begun.queryCommitted(sql, p -> {}, row -> row.number()))
                    .isInstanceOfSatisfying(
                            DatabaseException.class,
                            refused -> assertThat(refused.isRefusal()).isTrue())
                    .hasMessageContaining("does not commit by itself");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "23505, true", "22P02, true", "42P01, true", "57014, true", "40001, true", "KR001, true", "25001, true",
        "08006, false", "57P01, false", "57P02, false", "53100, false", "58030, false", "XX000, false", "40003, false",
        "'', false"
    })
    void a_refusal_is_told_from_a_loss(String sqlState, boolean refusal) {
        assertThat(new DatabaseException(new SQLException("failed", sqlState)).isRefusal())
                .isEqualTo(refusal);
        assertThat(new DatabaseException(new SQLException("failed")).isRefusal())
                .isFalse();
    }

    @Nested
    class Times {

        /** Skipped and repeated hours of Los Angeles among them, read as if they were local there. */
        private static final List<String> INSTANTS = List.of(
                "2026-03-08T02:30:00Z",
                "2026-11-01T01:30:00.000001Z",
                "1970-01-01T00:00:00Z",
                "2026-07-01T12:00:00.123456Z",
                "1900-01-01T00:00:00Z",
                "1582-10-10T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z");

        @ParameterizedTest
        @ValueSource(strings = {"UTC", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"})
        void come_back_as_they_went_in_and_are_stored_in_utc(String zone) {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            for (String text : INSTANTS) {
                Instant instant = Instant.parse(text);
                Stored stored = jdbc.query(
                                "SELECT t, to_char(t, 'YYYY-MM-DD\"T\"HH24:MI:SS.US') FROM (VALUES (?::timestamp)) v (t)",
                                p -> p.time(instant),
                                row -> new Stored(row.time(), row.text()))
                        .get(0);

                assertThat(stored.read()).as(text).isEqualTo(instant);
                assertThat(Instant.parse(stored.printed() + "Z")).as(text).isEqualTo(instant);
            }
        }

        private record Stored(Instant read, String printed) {}

        @ParameterizedTest
        @ValueSource(strings = {"America/Los_Angeles", "Asia/Kathmandu"})
        void of_the_database_are_read_as_utc(String zone) {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            Instant before = Instant.now().minusSeconds(60);

            Instant read = jdbc.query("SELECT timezone('UTC', now())", p -> {}, Row::time)
                    .get(0);

            assertThat(read).isBetween(before, before.plusSeconds(120));
        }

        @Test
        void are_cut_to_microseconds() {
            Instant instant = Instant.parse("2026-01-01T00:00:00.123456999Z");

            assertThat(jdbc.query("SELECT ?::timestamp", p -> p.time(instant), Row::time))
                    .containsExactly(Instant.parse("2026-01-01T00:00:00.123456Z"));
        }

        @Test
        void may_be_null() {
            assertThat(jdbc.query("SELECT ?::timestamp", p -> p.time(null), Row::timeOrNull))
                    .containsOnlyNulls();
        }
    }

    @Nested
    class Values {

        @Test
        void are_bound_and_read_in_the_order_of_the_statement() {
            List<String> read = jdbc.query(
                    "SELECT ?::text, ?::int, ?::bigint, ?::boolean, ?::text",
                    p -> p.text("a")
                            .number(-7)
                            .number(Long.MAX_VALUE)
                            .flag(true)
                            .text(null),
                    row -> "%s %d %d %b %s"
                            .formatted(row.text(), row.number(), row.number(), row.flag(), row.textOrNull()));

            assertThat(read).containsExactly("a -7 9223372036854775807 true null");
        }

        @Test
        void every_row_is_read_from_its_first_column() {
            assertThat(jdbc.query(
                            "SELECT a, a * 2 FROM generate_series(1, 3) a",
                            p -> {},
                            row -> row.number() + "," + row.number()))
                    .containsExactly("1,2", "2,4", "3,6");
        }

        @Test
        void texts_keep_quotes_commas_and_nulls() {
            List<String> odd = Arrays.asList("", "a,b", "\"q\"", "\\", "{}", "NULL", "grün 🚀");

            List<String[]> read = jdbc.query("SELECT ?::text[]", p -> p.texts(odd), Row::texts);

            assertThat(read.get(0)).containsExactlyElementsOf(odd);
        }

        @Test
        void no_texts_and_null_texts_differ() {
            assertThat(jdbc.query("SELECT ?::text[]", p -> p.texts(List.of()), Row::texts)
                            .get(0))
                    .isEmpty();
            assertThat(jdbc.query("SELECT NULL::text[]", p -> {}, Row::texts)).containsOnlyNulls();
        }

        @Test
        void texts_of_several_dimensions_are_read_in_a_row() {
            assertThat(jdbc.query("SELECT ARRAY[['a', 'b'], ['c', NULL]]", p -> {}, Row::texts)
                            .get(0))
                    .containsExactly("a", "b", "c", null);
        }

        @Test
        void numbers_are_bound_as_an_array() {
            assertThat(jdbc.query(
                            "SELECT n FROM generate_series(1, 5) n WHERE NOT n = ANY(?)",
                            p -> p.numbers(List.of(2L, 4L)),
                            Row::number))
                    .containsExactly(1L, 3L, 5L);
            assertThat(jdbc.query("SELECT 1 WHERE NOT 1 = ANY(?)", p -> p.numbers(List.of()), Row::number))
                    .hasSize(1);
        }

        @Test
        void a_null_where_a_value_is_required_names_the_column() {
            assertThatThrownBy(() -> jdbc.query("SELECT 1, NULL::text", p -> {}, row -> row.number() + row.text()))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("column 2 is NULL");
            assertThatThrownBy(() -> jdbc.query("SELECT NULL::timestamp", p -> {}, Row::time))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("column 1 is NULL");
        }
    }

    @Test
    void an_update_tells_how_many_rows_it_changed() {
        RawJobs jobs = new RawJobs(schema);
        jobs.add("(worker) VALUES ('A')");
        jobs.add("(worker) VALUES ('A')");
        jobs.add("(worker) VALUES ('B')");

        String update = "UPDATE " + schema.name() + ".oban_jobs SET priority = 3 WHERE worker = ?";

        assertThat(jdbc.update(update, p -> p.text("A"))).isEqualTo(2);
        assertThat(jdbc.update(update, p -> p.text("C"))).isZero();
    }

    @Test
    void every_connection_is_given_back() throws SQLException {
        try (ConnectionPool pool = new ConnectionPool(schema.dataSource())) {
            Jdbc pooled = new Jdbc(pool.dataSource(), Transactions.none());

            pooled.query("SELECT 1", p -> {}, Row::number);
            assertThatThrownBy(() -> pooled.query("SELECT nonsense", p -> {}, Row::number))
                    .isInstanceOf(DatabaseException.class);
            assertThatThrownBy(() -> pooled.query("SELECT 1", p -> {}, row -> {
                        throw new IllegalStateException("deliberate");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(pooled.answers(Duration.ofSeconds(1))).isTrue();

            assertThat(pool.lent()).isZero();
        }
    }

    @Test
    void what_the_caller_has_begun_by_jdbc_on_a_connection_that_is_shared_is_his_to_end() throws SQLException {
        RawJobs jobs = new RawJobs(schema);
        try (Connection callers = schema.dataSource().getConnection()) {
            callers.setAutoCommit(false);
            Jdbc sharing = new Jdbc(new CallersConnection(callers), Transactions.none());
            callers.createStatement().execute("INSERT INTO " + schema.name() + ".oban_jobs (worker) VALUES ('First')");

            sharing.together(() ->
                    sharing.update("INSERT INTO " + schema.name() + ".oban_jobs (worker) VALUES ('Second')", p -> {}));
            assertThat(callers.getAutoCommit()).isFalse();
            assertThat(jobs.count("TRUE")).isZero();

            callers.rollback();
            assertThat(jobs.count("TRUE")).isZero();
        }
    }

    @Test
    void work_that_throws_in_such_a_transaction_is_undone_and_nothing_else() throws SQLException {
        try (Connection callers = schema.dataSource().getConnection()) {
            callers.setAutoCommit(false);
            Jdbc sharing = new Jdbc(new CallersConnection(callers), Transactions.none());
            String insert = "INSERT INTO " + schema.name() + ".oban_jobs (worker) VALUES ('%s')";
            callers.createStatement().execute(insert.formatted("First"));

            assertThatIllegalStateException()
                    .isThrownBy(() -> sharing.allOrNothing(() -> {
                        sharing.update(insert.formatted("Second"), p -> {});
                        throw new IllegalStateException("deliberate");
                    }));
            callers.commit();
        }
        assertThat(new RawJobs(schema).query("SELECT worker FROM ${schema}.oban_jobs"))
                .containsExactly("First");
    }

    @Test
    void a_statement_that_runs_alone_is_in_no_transaction_and_is_cancelled_when_it_takes_too_long() {
        jdbc.alone("VACUUM " + schema.name() + ".oban_peers", Duration.ofSeconds(20));

        assertThatThrownBy(() -> jdbc.alone("SELECT pg_sleep(60)", Duration.ofMillis(10)))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("canceling statement");
        assertThatIllegalStateException()
                .isThrownBy(() -> jdbc.together(() -> {
                    jdbc.alone("VACUUM", Duration.ofSeconds(1));
                    return 0;
                }))
                .withMessage("the statement must not run inside a transaction: VACUUM");
    }

    @Test
    void an_unreachable_server_is_an_exception_and_no_conflict() {
        TappedDataSource tapped = new TappedDataSource(schema.dataSource());
        tapped.refuseConnections(2);
        Jdbc broken = new Jdbc(tapped.dataSource(), Transactions.none());

        assertThatThrownBy(() -> broken.query("SELECT 1", p -> {}, Row::number))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        failure -> assertThat(failure.isConflict()).isFalse());
        assertThatThrownBy(() -> broken.answers(Duration.ofSeconds(1))).isInstanceOf(DatabaseException.class);
        assertThat(broken.answers(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void a_row_locked_by_another_transaction_is_a_conflict() throws SQLException {
        new RawJobs(schema).add("(worker) VALUES ('A')");
        String lock = "SELECT id FROM " + schema.name() + ".oban_jobs FOR UPDATE";
        try (Connection other = schema.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute(lock);

            assertThatThrownBy(() -> jdbc.query(lock + " NOWAIT", p -> {}, Row::number))
                    .isInstanceOfSatisfying(
                            DatabaseException.class,
                            failure -> assertThat(failure.isConflict()).isTrue());
            other.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource({"40P01, true", "55P03, true", "40001, true", "23505, false", "08006, false", ", false"})
    void conflicts_are_told_by_their_sql_state(String state, boolean conflict) {
        assertThat(new DatabaseException(new SQLException("deliberate", state)).isConflict())
                .isEqualTo(conflict);
    }
}
