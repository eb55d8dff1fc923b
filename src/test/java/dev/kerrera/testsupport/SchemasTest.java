package dev.kerrera.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PooledSchema.class)
class SchemasTest {

    private static final Set<String> SEEN = new HashSet<>();

    private final TestSchema own;

    SchemasTest(TestSchema own) {
        this.own = own;
    }

    @BeforeEach
    void fill(TestSchema schema) throws SQLException {
        assertThat(first(schema, "SELECT count(*) FROM " + schema.name() + ".oban_jobs"))
                .isEqualTo("0");
        assertThat(first(schema, "INSERT INTO " + schema.name() + ".oban_jobs (worker) VALUES ('A') RETURNING id"))
                .isEqualTo("1");
    }

    @RepeatedTest(3)
    void schemas_are_emptied_and_lent_again(TestSchema schema) {
        SEEN.add(schema.name());

        assertThat(schema).isSameAs(own);
        assertThat(SEEN).hasSize(1);
    }

    @Test
    void two_loans_are_two_schemas(TestSchema schema) {
        TestSchema other = Schemas.borrow();

        assertThat(other.name()).isNotEqualTo(schema.name());
        Schemas.giveBack(other);
    }

    @Test
    void sql_without_the_prefix_fails(TestSchema schema) {
        assertThatThrownBy(() -> first(schema, "SELECT count(*) FROM oban_jobs"))
                .hasMessageContaining("relation \"oban_jobs\" does not exist");
    }

    @Test
    void sessions_are_in_los_angeles(TestSchema schema) throws SQLException {
        assertThat(first(schema, "SHOW TimeZone")).isEqualTo("America/Los_Angeles");
    }

    @Test
    void the_record_of_migrations_is_kept(TestSchema schema) throws SQLException {
        assertThat(first(schema, "SELECT count(*) FROM " + schema.name() + ".kerrera_migrations"))
                .isEqualTo("5");
    }

    @Test
    void a_transaction_left_open_is_an_error() throws SQLException {
        TestSchema leaky = Schemas.borrow();
        try (Connection connection = leaky.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("SELECT 1");

            assertThatThrownBy(() -> Schemas.giveBack(leaky))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("left transactions open", "SELECT 1");
        }
    }

    private static String first(TestSchema schema, String sql) throws SQLException {
        try (Connection connection = schema.dataSource().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
