package dev.kerrera.testsupport;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Starts PostgreSQL before Arquillian starts a server that needs it: where a run has reserved a port for it. */
public final class DatabaseBeforeServer implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (Integer.getInteger("test.db.port") != null) {
            EmbeddedPostgresServer.shared();
        }
    }
}
