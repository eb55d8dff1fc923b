package dev.kerrera.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The advisory locks of a unique insert.
 *
 * <p>Two jobs of which each would find the other have the same {@code own} key, and two of the same {@code own} key have the
 * same {@code group} key. Jobs that are different may share a key as well, and then only wait for nothing.
 *
 * @param group the key of all jobs of the worker, or of all jobs of rules that do not compare workers
 * @param own the key of the jobs that are the same
 */
record UniqueKey(long group, long own) {

    static UniqueKey of(String schema, UniqueValues values) {
        String worker = values.worker();
        return new UniqueKey(
                hash(worker == null ? "any" : "group", schema, worker), hash("own", schema, spelled(values)));
    }

    private static String spelled(UniqueValues values) {
        StringBuilder out = new StringBuilder();
        values.rule().fields().stream()
                .sorted()
                .forEach(field -> out.append(field).append(' '));
        values.rule().keys().stream().sorted().forEach(key -> append(key, out));
        append(values.args(), out);
        append(values.meta(), out);
        append(values.queue(), out);
        append(values.worker(), out);
        return out.toString();
    }

    private static void append(@Nullable JsonObject object, StringBuilder out) {
        if (object == null) {
            out.append('-');
        } else {
            append((JsonValue) object, out);
        }
    }

    /** As {@code jsonb} compares: by value and not by spelling, and arrays without regard to order or repetition. */
    private static void append(JsonValue value, StringBuilder out) {
        switch (value.getValueType()) {
            case OBJECT -> {
                out.append('{');
                new TreeMap<>(value.asJsonObject()).forEach((key, inner) -> {
                    append(key, out);
                    append(inner, out);
                });
                out.append('}');
            }
            case ARRAY -> out.append("[]");
            case STRING -> append(((JsonString) value).getString(), out);
            case NUMBER -> append(((JsonNumber) value).bigDecimalValue(), out);
            default -> out.append(value.getValueType());
        }
    }

    /** Not as plain digits, of which a small text can demand a billion. */
    private static void append(BigDecimal number, StringBuilder out) {
        BigDecimal plain = number.stripTrailingZeros();
        out.append(plain.unscaledValue())
                .append('e')
                .append(-(long) plain.scale())
                .append(' ');
    }

    /** With its length before it, so that no text can look like two. */
    private static void append(@Nullable String text, StringBuilder out) {
        if (text == null) {
            out.append('-');
        } else {
            out.append(text.length()).append('"').append(text);
        }
    }

    private static long hash(String kind, String schema, @Nullable String text) {
        StringBuilder all = new StringBuilder();
        append(kind, all);
        append(schema, all);
        append(text, all);
        return ByteBuffer.wrap(sha256().digest(all.toString().getBytes(UTF_8))).getLong();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }
}
