package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.NotifierSettings;
import dev.kerrera.testsupport.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

class ConnectorTest {

    private final EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
    private final PGSimpleDataSource dataSource = server.dataSource();

    @Test
    void what_is_not_configured_comes_from_the_data_source() throws SQLException {
        try (Connection connection = connector(null, null, null).open("kerrera-test")) {
            assertThat(shown(connection, "current_user")).isEqualTo(server.user());
            assertThat(shown(connection, "current_database()")).isEqualTo("kerrera");
            assertThat(shown(connection, "current_setting('application_name')")).isEqualTo("kerrera-test");
        }
    }

    @Test
    void parameters_of_the_data_source_do_not_win_over_ours() throws SQLException {
        dataSource.setApplicationName("orders");
        dataSource.setSocketTimeout(1);
        dataSource.setCurrentSchema("somewhere");

        try (Connection connection = connector(null, null, null).open("kerrera-test")) {
            assertThat(shown(connection, "current_setting('application_name')")).isEqualTo("kerrera-test");
            assertThat(connection.getNetworkTimeout()).isGreaterThan(1_000);
            assertThat(shown(connection, "current_setting('search_path')")).isEqualTo("somewhere");
        }
    }

    @Test
    void a_server_of_its_own_needs_no_data_source() throws SQLException {
        dataSource.setPortNumbers(new int[] {1});

        try (Connection connection =
                connector(server.url(), server.user(), server.password()).open("kerrera-test")) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void a_refused_user_is_told_which_keys_to_set() {
        assertThatThrownBy(() -> connector(server.url(), "nobody", "wrong")
                        .open("kerrera-test")
                        .close())
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith("user 'nobody' was refused (")
                .hasMessageEndingWith("): set kerrera.notifier.user and kerrera.notifier.password");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://h/d, jdbc:postgresql://h/d",
        "jdbc:postgresql://h/d?a=1, jdbc:postgresql://h/d",
        "jdbc:postgresql://h/d?a=1&c=3, jdbc:postgresql://h/d?c=3",
        "jdbc:postgresql://h/d?c=3&b=2&d=a=b, jdbc:postgresql://h/d?c=3&d=a=b",
        "jdbc:postgresql://h/d?aa=1, jdbc:postgresql://h/d?aa=1"
    })
    void parameters_are_taken_out_of_a_url(String url, String without) {
        assertThat(Connector.without(Set.of("a", "b"), url)).isEqualTo(without);
    }

    private Connector connector(String url, String user, String password) {
        var settings = new NotifierSettings(
                NotifierSettings.Mode.LISTEN,
                Optional.ofNullable(url),
                Optional.ofNullable(user),
                Optional.ofNullable(password),
                false,
                Duration.ZERO);
        return new Connector(settings, dataSource, Runnable::run);
    }

    private static String shown(Connection connection, String expression) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT " + expression)) {
            row.next();
            return row.getString(1);
        }
    }
}
