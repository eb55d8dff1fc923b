package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.job.Unique.Field;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UniqueKeyTest {

    private static final Unique ALL = Unique.forever().fields(Field.values());

    @Property(tries = 200)
    void the_spelling_of_args_does_not_count(@ForAll("values") JsonValue value, @ForAll long seed) {
        Random random = new Random(seed);
        assertThat(key(ALL, wrapped(respelled(value, random)))).isEqualTo(key(ALL, wrapped(value)));
        assertThat(key(ALL.keys("a"), wrapped(respelled(value, random)))).isEqualTo(key(ALL.keys("a"), wrapped(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e0", "10e-1", "1.00", "0.1e1"})
    void numbers_are_compared_by_value(String spelled) {
        assertThat(key(ALL, "{\"a\":" + spelled + "}")).isEqualTo(key(ALL, "{\"a\":1}"));
        assertThat(key(ALL, "{\"a\":" + spelled + "1}")).isNotEqualTo(key(ALL, "{\"a\":1}"));
    }

    @Test
    void a_number_of_a_billion_digits_is_not_spelled_out() {
        assertThat(key(ALL, "{\"a\":1e999999999}")).isNotEqualTo(key(ALL, "{\"a\":1e999999998}"));
    }

    @Test
    void zero_is_zero() {
        assertThat(Set.of("0", "0.0", "-0", "0e5").stream()
                        .map(zero -> key(ALL, "{\"a\":" + zero + "}"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void arrays_count_only_as_arrays() {
        assertThat(key(ALL, "{\"a\":[1,2]}"))
                .isEqualTo(key(ALL, "{\"a\":[2,1,1]}"))
                .isNotEqualTo(key(ALL, "{\"a\":{}}"))
                .isNotEqualTo(key(ALL, "{\"b\":[1,2]}"));
    }

    @Test
    void what_is_different_has_another_key() {
        List<String> all = List.of(
                "{}",
                "{\"a\":1}",
                "{\"a\":-1}",
                "{\"a\":10}",
                "{\"a\":\"1\"}",
                "{\"a\":null}",
                "{\"a\":\"null\"}",
                "{\"a\":true}",
                "{\"a\":false}",
                "{\"a\":{}}",
                "{\"a\":[]}",
                "{\"a\":\"\"}",
                "{\"b\":1}",
                "{\"a\":1,\"b\":1}",
                "{\"a\":{\"b\":1}}",
                "{\"a\":{},\"b\":1}",
                "{\"a\":\"1\\\"b\",\"c\":\"\"}",
                "{\"a\":\"\",\"c\":\"1\\\"b\"}");
        Set<Long> keys = new HashSet<>();
        all.forEach(args -> keys.add(key(ALL, args).own()));
        assertThat(keys).hasSameSizeAs(all);
    }

    @Test
    void only_the_fields_of_the_rule_count() {
        NewJob job = NewJob.of("w", Map.of("id", 1)).queue("q").meta(Map.of("m", 1));

        Unique byId = Unique.forever().fields(Field.ARGS).keys("id");
        assertThat(key("s", byId, job))
                .isEqualTo(key("s", byId, NewJob.of("x", Map.of("id", 1, "other", 2))))
                .isNotEqualTo(key("s", byId, NewJob.of("w", Map.of("id", 2))))
                .isNotEqualTo(key("s", byId.fields(Field.META), job))
                .isNotEqualTo(key("s", byId.keys(), job));
        for (Field field : Field.values()) {
            Unique rule = Unique.forever().fields(field);
            assertThat(key("s", rule, job))
                    .as(field.name())
                    .isNotEqualTo(key("s", rule, NewJob.of("x", Map.of("id", 2))));
        }
    }

    @Test
    void states_period_and_order_of_keys_do_not_count() {
        NewJob job = NewJob.of("w", Map.of("a", 1, "b", 2));
        Unique rule = Unique.forever().keys("a", "b");

        assertThat(key("s", rule, job))
                .isEqualTo(key("s", rule.keys("b", "a", "b"), job))
                .isEqualTo(key("s", rule.period(Duration.ofSeconds(1)), job))
                .isEqualTo(key("s", rule.timestamp(Unique.Timestamp.SCHEDULED_AT), job));
    }

    @Test
    void each_schema_has_its_own() {
        assertThat(key("s", ALL, NewJob.of("w")).own())
                .isNotEqualTo(key("t", ALL, NewJob.of("w")).own());
        assertThat(key("s", ALL, NewJob.of("w")).group())
                .isNotEqualTo(key("t", ALL, NewJob.of("w")).group());
    }

    @Test
    void jobs_of_a_worker_share_a_group_and_so_do_those_of_rules_without_workers() {
        Unique args = Unique.forever().fields(Field.ARGS);

        assertThat(key("s", ALL, NewJob.of("w", Map.of("a", 1))).group())
                .isEqualTo(key("s", Unique.forever(), NewJob.of("w").queue("q")).group())
                .isNotEqualTo(key("s", ALL, NewJob.of("x")).group())
                .isNotEqualTo(key("s", args, NewJob.of("w")).group());
        assertThat(key("s", args, NewJob.of("w")).group())
                .isEqualTo(key("s", args, NewJob.of("x")).group());
    }

    @Provide
    Arbitrary<JsonValue> values() {
        Arbitrary<JsonValue> leaves = Arbitraries.oneOf(
                Arbitraries.of(JsonValue.TRUE, JsonValue.FALSE, JsonValue.NULL),
                Arbitraries.strings()
                        .withCharRange(' ', '\ud7ff')
                        .ofMaxLength(5)
                        .map(Json::createValue),
                Arbitraries.bigDecimals().map(Json::createValue));
        return values(3);
    }

    private static Arbitrary<JsonValue> values(int depth) {
        Arbitrary<JsonValue> leaves = Arbitraries.oneOf(
                Arbitraries.of(JsonValue.TRUE, JsonValue.FALSE, JsonValue.NULL),
                Arbitraries.strings()
                        .withCharRange(' ', '\ud7ff')
                        .ofMaxLength(5)
                        .map(Json::createValue),
                Arbitraries.bigDecimals().map(Json::createValue));
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<List<JsonValue>> inner = values(depth - 1).list().ofSize(3);
        Arbitrary<List<String>> names =
                Arbitraries.strings().alpha().ofMaxLength(2).list().ofSize(3);
        return Arbitraries.oneOf(
                leaves,
                inner.map(UniqueKeyTest::array),
                Combinators.combine(names, inner).as(UniqueKeyTest::object));
    }

    private static JsonValue array(List<JsonValue> values) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        values.forEach(array::add);
        return array.build();
    }

    private static JsonValue object(List<String> names, List<JsonValue> values) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        for (int i = 0; i < names.size(); i++) {
            object.add(names.get(i), values.get(i));
        }
        return object.build();
    }

    /** The same value for {@code jsonb}: members and elements in another order, elements repeated, digits added. */
    private static JsonValue respelled(JsonValue value, Random random) {
        switch (value.getValueType()) {
            case OBJECT -> {
                List<String> names = new ArrayList<>(value.asJsonObject().keySet());
                Collections.shuffle(names, random);
                return object(
                        names,
                        names.stream()
                                .map(name -> respelled(value.asJsonObject().get(name), random))
                                .toList());
            }
            case ARRAY -> {
                List<JsonValue> elements = new ArrayList<>(value.asJsonArray());
                elements.addAll(value.asJsonArray());
                Collections.shuffle(elements, random);
                return array(elements);
            }
            case NUMBER -> {
                BigDecimal number = new BigDecimal(value.toString());
                return Json.createValue(number.setScale(number.scale() + random.nextInt(3)));
            }
            default -> {
                return value;
            }
        }
    }

    private static String wrapped(JsonValue value) {
        return Json.createObjectBuilder().add("a", value).add("z", 1).build().toString();
    }

    private static UniqueKey key(Unique rule, String args) {
        JsonObject object = Json.createReader(new StringReader(args)).readObject();
        return key("s", rule, NewJob.of("w", object));
    }

    private static UniqueKey key(String schema, Unique rule, NewJob job) {
        return UniqueKey.of(schema, UniqueValues.of(job.unique(rule).resolve(Clock.systemUTC())));
    }
}
