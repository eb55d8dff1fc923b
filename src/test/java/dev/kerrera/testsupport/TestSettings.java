package dev.kerrera.testsupport;

import dev.kerrera.config.Settings;
import dev.kerrera.config.SettingsReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings as a configuration would give them. */
public final class TestSettings {

    private TestSettings() {}

    /** The defaults for a prefix, and what is given as key, value, key, value. */
    public static Settings of(String prefix, String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        values.put("kerrera.prefix", prefix);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new SettingsReader(name -> Optional.ofNullable(values.get(name)), values.keySet(), name -> false, "here")
                .read();
    }
}
