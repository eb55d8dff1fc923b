package dev.kerrera.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.ConfigValue;

/** Reads the settings of the application that runs on this thread from MicroProfile Config. */
public final class DeployedSettings {

    private DeployedSettings() {}

    /**
     * Reads and validates.
     *
     * @throws ConfigurationException listing every problem
     */
    public static Instances read() {
        return read(ConfigProvider.getConfig(), System.getenv().keySet());
    }

    static Instances read(Config config, Set<String> environment) {
        return new InstancesReader(
                        name -> value(config, name),
                        names(config),
                        name -> environment.contains(SettingsReader.variable(name)),
                        host())
                .read();
    }

    /** A value that refers to a property nobody set is a mistake, not an unset value as MicroProfile Config has it. */
    private static Optional<String> value(Config config, String name) {
        ConfigValue value = config.getConfigValue(name);
        if (value.getValue() == null && value.getRawValue() != null) {
            throw new IllegalArgumentException(name + " refers to a property that is not set");
        }
        return Optional.ofNullable(value.getValue());
    }

    private static List<String> names(Config config) {
        List<String> names = new ArrayList<>();
        config.getPropertyNames().forEach(names::add);
        return names;
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
