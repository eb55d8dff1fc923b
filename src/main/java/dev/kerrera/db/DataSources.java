package dev.kerrera.db;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** The server's data sources. */
public final class DataSources {

    private DataSources() {}

    /**
     * The data source of that JNDI name.
     *
     * @throws IllegalStateException when there is none
     */
    @SuppressWarnings("BanJNDI") // the name comes from the deployer's configuration
    public static DataSource find(String name) {
        try {
            return InitialContext.doLookup(name);
        } catch (NamingException missing) {
            throw new IllegalStateException(
                    "There is no data source under the JNDI name '%s': define it on the server, or name another by kerrera.datasource"
                            .formatted(name),
                    missing);
        }
    }
}
