package dev.kerrera.notifier;

import dev.kerrera.config.NotifierSettings;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Opens the notifier's own connections, which belong to no pool.
 *
 * <p>What the configuration leaves out is taken from the data source. A data source does not tell its password, so a server
 * that wants one needs it in the configuration.
 */
final class Connector {

    private static final String PASSWORD_REFUSED = "28";

    /** A server that takes a connection and then says nothing would otherwise hold the caller for good. */
    private static final String PATIENCE_SECONDS = "10";

    private final NotifierSettings settings;
    private final DataSource dataSource;

    Connector(NotifierSettings settings, DataSource dataSource) {
        this.settings = settings;
        this.dataSource = dataSource;
    }

    Connection open(String purpose) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", purpose);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("socketTimeout", PATIENCE_SECONDS);
        settings.password().ifPresent(password -> properties.setProperty("password", password));
        String url;
        if (settings.url().isPresent() && settings.user().isPresent()) {
            url = settings.url().get();
            properties.setProperty("user", settings.user().get());
        } else {
            try (Connection pooled = dataSource.getConnection()) {
                DatabaseMetaData metaData = pooled.getMetaData();
                url = settings.url().orElse(metaData.getURL());
                properties.setProperty("user", settings.user().orElse(metaData.getUserName()));
            }
        }
        return open(url, properties);
    }

    private Connection open(String url, Properties properties) throws SQLException {
        try {
            return DriverManager.getConnection(without(properties.stringPropertyNames(), url), properties);
        } catch (SQLException refused) {
            if (refused.getSQLState() != null && refused.getSQLState().startsWith(PASSWORD_REFUSED)) {
                throw new SQLException(
                        "user '%s' was refused (%s): set kerrera.notifier.user and kerrera.notifier.password"
                                .formatted(properties.getProperty("user"), refused.getMessage()),
                        refused.getSQLState(),
                        refused);
            }
            throw refused;
        }
    }

    /** A data source tells its URL with every parameter it has, and those would win over ours. */
    static String without(Set<String> parameters, String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        String kept = Arrays.stream(url.substring(query + 1).split("&"))
                .filter(parameter -> !parameters.contains(parameter.replaceFirst("=.*", "")))
                .collect(Collectors.joining("&"));
        return url.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept);
    }
}
