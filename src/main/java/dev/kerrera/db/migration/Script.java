package dev.kerrera.db.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kerrera.config.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An SQL script from the classpath, found by name next to this class, with {@code ${schema}} for the schema. */
record Script(String template) {

    static final Script OBAN_V14 = load("oban_v14.sql");

    static Script load(String resource) {
        try (var stream = Script.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + resource + " is missing from Kerrera's jar");
            }
            return new Script(new String(stream.readAllBytes(), UTF_8).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The script for one schema. */
    String sql(Prefix schema) {
        return schema.in(template);
    }

    /** SHA-256 of the template, so that it is the same in every schema. */
    String checksum() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(template.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
