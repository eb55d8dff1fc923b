package dev.kerrera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kerrera.testsupport.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PrefixTest {

    @Test
    void a_name_is_always_quoted() {
        assertThat(new Prefix("My \"own\" schema").quoted()).isEqualTo("\"My \"\"own\"\" schema\"");
    }

    @Test
    void a_dot_is_rejected() {
        assertRejected("tenant.jobs", "must not contain a dot: Oban splits channel names at the first one");
    }

    @Test
    void a_name_of_49_bytes_is_the_longest() {
        assertThat(new Prefix("x".repeat(49)).name()).hasSize(49);
        assertRejected("x".repeat(50), "must be at most 49 bytes, was 50: the channel \"<prefix>.oban_cronitor\"");
        assertRejected("ö".repeat(25), "must be at most 49 bytes, was 50");
    }

    @Test
    void the_longest_name_still_makes_a_legal_channel() throws Exception {
        try (Connection connection =
                        EmbeddedPostgresServer.shared().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN \"" + "x".repeat(49) + ".oban_cronitor\"");
        }
    }

    @Test
    void names_postgresql_would_not_take_are_rejected() {
        assertRejected("", "must name a schema");
        assertRejected(" ", "must name a schema");
        assertRejected("pg_jobs", "must not start with pg_");
        assertRejected("a\0b", "must not contain a NUL character");
    }

    private static void assertRejected(String prefix, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Prefix(prefix))
                .withMessageStartingWith("prefix " + message)
                .withMessageContaining(prefix);
    }
}
