package dev.kerrera.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Reads the settings of the application that runs on this thread from MicroProfile Config. */
public final class DeployedSettings {

    private DeployedSettings() {}

    /**
     * Reads and validates.
     *
     * @throws ConfigurationException listing every problem
     */
    public static Settings read() {
        Config config = ConfigProvider.getConfig();
        Set<String> environment = System.getenv().keySet();
        return new SettingsReader(
                        name -> config.getOptionalValue(name, String.class),
                        names(config),
                        name -> environment.contains(variable(name)),
                        host())
                .read();
    }

    private static List<String> names(Config config) {
        List<String> names = new ArrayList<>();
        config.getPropertyNames().forEach(names::add);
        return names;
    }

    /** The environment variable that MicroProfile Config takes for a property. */
    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** As Oban does where no node is named. */
    private static String host() {
        String dyno = System.getenv("DYNO");
        if (dyno != null) {
            return dyno;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
