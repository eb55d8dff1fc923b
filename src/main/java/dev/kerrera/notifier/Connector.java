package dev.kerrera.notifier;

import dev.kerrera.config.NotifierSettings;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

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
    private final Executor apart;
    private volatile @Nullable Origin origin;

    /** Where the data source's connections go, and as whom. */
    private record Origin(String url, String user) {}

    /**
     * @param apart runs a task so that the pooled connection it uses is given back when it ends, which in the endless task of a
     *     listener would otherwise be never
     */
    Connector(NotifierSettings settings, DataSource dataSource, Executor apart) {
        this.settings = settings;
        this.dataSource = dataSource;
        this.apart = apart;
    }

    Connection open(String purpose) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", purpose);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("socketTimeout", PATIENCE_SECONDS);
        settings.password().ifPresent(password -> properties.setProperty("password", password));
        if (settings.url().isPresent() && settings.user().isPresent()) {
            properties.setProperty("user", settings.user().get());
            return open(settings.url().get(), properties);
        }
        Origin derived = origin();
        properties.setProperty("user", settings.user().orElse(derived.user()));
        return open(settings.url().orElse(derived.url()), properties);
    }

    private Origin origin() throws SQLException {
        Origin known = origin;
        if (known == null) {
            FutureTask<Origin> asked = new FutureTask<>(this::ask);
            apart.execute(asked);
            try {
                known = asked.get();
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof SQLException sql ? sql : new SQLException(failure.getCause());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while the data source was asked where it connects to", stop);
            }
            origin = known;
        }
        return known;
    }

    private Origin ask() throws SQLException {
        try (Connection pooled = dataSource.getConnection()) {
            DatabaseMetaData metaData = pooled.getMetaData();
            return new Origin(metaData.getURL(), metaData.getUserName());
        }
    }

    private Connection open(String url, Properties properties) throws SQLException {
        try {
            Connection connection = new Driver().connect(without(properties.stringPropertyNames(), url), properties);
            if (connection == null) {
                throw new SQLException(
                        "kerrera.notifier.url is not a URL of PostgreSQL: it must begin with jdbc:postgresql:");
            }
            return connection;
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
