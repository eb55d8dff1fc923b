package dev.kerrera.job;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyNamingStrategy;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.lang.reflect.Type;

/**
 * The one way between objects and JSON text. Internal: other rooms may use it, applications should not.
 *
 * <p>Types must be public, records included, for JSON-B to reach them; so writing one that is not fails at once, and not
 * later when a worker asks for it. Property names are written as they are. Null properties of objects and records are left out, which is JSON-B's own
 * default; {@code @JsonbNillable} keeps them. A {@link JsonValue} is written exactly as it is, nulls and digits included.
 *
 * <p>Thread-safe. What the JSON libraries throw leaves here as {@link JobJsonException}.
 */
public final class JobJson {
    private static final JsonProvider PROVIDER = JsonProvider.provider();
    private static final Jsonb JSONB = JsonbBuilder.newBuilder()
            .withProvider(PROVIDER)
            .withConfig(new JsonbConfig().withPropertyNamingStrategy(PropertyNamingStrategy.IDENTITY))
            .build();

    private JobJson() {}

    /** The text of a value: a record, a map, any object JSON-B can write, or a {@link JsonValue}. */
    public static String write(Object value) {
        if (value instanceof JsonValue json) {
            return json.toString();
        }
        try {
            return JSONB.toJson(value);
        } catch (RuntimeException cannotWrite) {
            throw new JobJsonException(
                    "cannot write " + value.getClass().getName() + " as JSON: " + why(cannotWrite), cannotWrite);
        }
    }

    /** The text read as a type of the caller's, by JSON-B. */
    @SuppressWarnings("unchecked") // not Class.cast, which refuses primitive types
    public static <T> T read(String json, Class<T> type) {
        return (T) read(json, (Type) type);
    }

    /** The text read as a possibly generic type of the caller's, by JSON-B. */
    public static Object read(String json, Type type) {
        Object value;
        try {
            value = JSONB.fromJson(json, type);
        } catch (RuntimeException cannotRead) {
            throw new JobJsonException("cannot read as " + type.getTypeName() + ": " + why(cannotRead), cannotRead);
        }
        if (value == null) {
            throw new JobJsonException("cannot read as " + type.getTypeName() + ": the JSON is null");
        }
        return value;
    }

    /** The text read as an object. */
    public static JsonObject object(String json) {
        JsonValue value = parse(json);
        if (value.getValueType() != JsonValue.ValueType.OBJECT) {
            throw new JobJsonException("must be a JSON object, is of type " + value.getValueType());
        }
        return value.asJsonObject();
    }

    /** The text read as any JSON value. */
    static JsonValue parse(String json) {
        try (JsonReader reader = PROVIDER.createReader(new StringReader(json))) {
            return reader.readValue();
        } catch (RuntimeException malformed) {
            throw new JobJsonException("malformed JSON: " + malformed.getMessage(), malformed);
        }
    }

    /** JSON-B seldom repeats what a constructor complained about, and never says what an access error means. */
    private static String why(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof IllegalAccessException) {
            return "its types must be public (" + root.getMessage() + ")";
        }
        return root == thrown
                ? String.valueOf(thrown.getMessage())
                : thrown.getMessage() + " (" + root.getMessage() + ")";
    }

    static JsonProvider provider() {
        return PROVIDER;
    }
}
