package dev.kerrera.notifier;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Encodes and decodes messages as every version of Oban in the field does.
 *
 * <p>Three forms are read: JSON, base64 of gzip behind the mark {@code Z:}, and the same without a mark. Written are plain JSON
 * while it fits, which all versions read, and base64 of gzip without the mark when it does not.
 */
final class Wire {

    /** {@code Json} looks for it anew at every call, which costs more than an insert. */
    static final JsonProvider JSON = JsonProvider.provider();

    private static final int MOST_BYTES = 7_999;
    private static final int MOST_DECODED_BYTES = 4 * 1024 * 1024;
    private static final String COMPRESSED_MARK = "Z:";
    private static final String GZIP_START = "H4sI";

    private Wire() {}

    /**
     * A message as NOTIFY carries it.
     *
     * @throws IllegalArgumentException when it is too large even compressed
     */
    static String encode(JsonObject message) {
        byte[] json = message.toString().getBytes(StandardCharsets.UTF_8);
        if (json.length <= MOST_BYTES) {
            return new String(json, StandardCharsets.UTF_8);
        }
        String compressed = Base64.getEncoder().encodeToString(gzip(json));
        if (compressed.length() > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a message of %d bytes is %d bytes compressed, and PostgreSQL carries at most %d: store the data and publish where it is"
                            .formatted(json.length, compressed.length(), MOST_BYTES));
        }
        return compressed;
    }

    /** The message, or empty when the payload is not one. */
    static Optional<JsonObject> decode(String payload) {
        try {
            return object(json(payload));
        } catch (IOException | RuntimeException | StackOverflowError unreadable) {
            return Optional.empty();
        }
    }

    private static String json(String payload) throws IOException {
        if (payload.startsWith(COMPRESSED_MARK)) {
            return gunzip(payload.substring(COMPRESSED_MARK.length()));
        }
        return payload.startsWith(GZIP_START) ? gunzip(payload) : payload;
    }

    private static Optional<JsonObject> object(String json) {
        try (JsonReader reader = JSON.createReader(new StringReader(json))) {
            JsonValue value = reader.readValue();
            return value instanceof JsonObject object ? Optional.of(object) : Optional.empty();
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.toByteArray();
    }

    private static String gunzip(String base64) throws IOException {
        byte[] compressed = Base64.getDecoder().decode(base64);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] bytes = gzip.readNBytes(MOST_DECODED_BYTES + 1);
            if (bytes.length > MOST_DECODED_BYTES) {
                throw new IOException("decompresses to more than " + MOST_DECODED_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
