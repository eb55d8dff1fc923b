package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.testsupport.ConnectionPool;
import dev.kerrera.testsupport.Schemas;
import dev.kerrera.testsupport.TestSchema;
import jakarta.json.JsonNumber;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What goes in as args and metadata comes out of {@code jsonb} again, whichever insert it takes. */
class ArgsRoundTripTest {

    private static TestSchema schema;
    private static ConnectionPool pool;
    private static Jdbc jdbc;

    @BeforeContainer
    static void borrow() {
        schema = Schemas.borrow();
        pool = new ConnectionPool(schema.dataSource());
        jdbc = new Jdbc(pool.dataSource(), Transactions.none());
    }

    @AfterContainer
    static void giveBack() throws SQLException {
        pool.close();
        Schemas.giveBack(schema);
    }

    @Property(tries = 300)
    void whatever_its_shape(@ForAll("objects") Map<String, Object> value) {
        assertComesBack(value);
    }

    @Property(tries = 50)
    void however_deep(@ForAll("leaves") Object leaf, @ForAll @IntRange(min = 1, max = 50) int depth) {
        Object value = leaf;
        for (int i = 0; i < depth; i++) {
            value = i % 3 == 0 ? list(value, null) : map("k" + i, value);
        }
        assertComesBack(map("deep", value));
    }

    private static void assertComesBack(Map<String, Object> value) {
        NewJob job = NewJob.of("w", value).meta(value);
        Prefix prefix = new Prefix(schema.name());
        Job alone = new Insertion(jdbc, prefix, () -> true).insert(job.resolve(Clock.systemUTC()));
        assertThat(plain(alone.args())).isEqualTo(comparable(value));
        assertThat(plain(alone.meta())).isEqualTo(comparable(value));

        List<Long> ids = new ArrayList<>();
        UniqueInsertion unique = new UniqueInsertion(jdbc, prefix);
        new BulkInsertion(jdbc, prefix, unique).insert(List.of(job.resolve(Clock.systemUTC())), ids::add);
        Job inBulk = jdbc.query(
                        "SELECT " + JobRows.COLUMNS + " FROM " + schema.name() + ".oban_jobs WHERE id = ?",
                        p -> p.number(ids.get(0)),
                        JobRows::map)
                .get(0);
        assertThat(inBulk.args()).isEqualTo(alone.args());
        assertThat(inBulk.meta()).isEqualTo(alone.meta());
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return Arbitraries.maps(texts(), values(3)).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Object> leaves() {
        return Arbitraries.<Object>oneOf(
                        texts().map(text -> text),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().map(number -> number),
                        Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, 9_007_199_254_740_993L),
                        Arbitraries.bigDecimals()
                                .between(new BigDecimal("-1e60"), new BigDecimal("1e60"))
                                .ofScale(40)
                                .map(number -> number),
                        Arbitraries.of(
                                new BigInteger("123456789012345678901234567890123456789"),
                                new BigDecimal("0.1"),
                                new BigDecimal("1E+300"),
                                new BigDecimal("-1.5E-300")))
                .injectNull(0.1);
    }

    private Arbitrary<Object> values(int depth) {
        if (depth == 0) {
            return leaves();
        }
        Arbitrary<Object> inner = values(depth - 1);
        return Arbitraries.oneOf(
                leaves(),
                inner.list().ofMaxSize(3).map(list -> list),
                Arbitraries.maps(texts(), inner).ofMaxSize(3).map(map -> map));
    }

    /** Everything PostgreSQL can store. */
    private static Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.strings().ascii().excludeChars('\0').ofMaxLength(8)),
                Tuple.of(
                        1,
                        Arbitraries.integers()
                                .between(1, Character.MAX_CODE_POINT)
                                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                                .map(Character::toString)
                                .list()
                                .ofMaxSize(4)
                                .map(characters -> String.join("", characters))));
    }

    /** As {@link #plain} gives it. */
    private static Object comparable(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> all = new HashMap<>();
            map.forEach((key, inner) -> all.put(key, comparable(inner)));
            return all;
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(ArgsRoundTripTest::comparable)
                    .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
        }
        return value instanceof Number number ? new BigDecimal(number.toString()).stripTrailingZeros() : value;
    }

    private static Object plain(JsonValue value) {
        return switch (value.getValueType()) {
            case OBJECT -> {
                Map<Object, Object> all = new HashMap<>();
                value.asJsonObject().forEach((key, inner) -> all.put(key, plain(inner)));
                yield all;
            }
            case ARRAY ->
                value.asJsonArray().stream()
                        .map(ArgsRoundTripTest::plain)
                        .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
            case STRING -> ((JsonString) value).getString();
            case NUMBER -> ((JsonNumber) value).bigDecimalValue().stripTrailingZeros();
            case TRUE -> true;
            case FALSE -> false;
            case NULL -> null;
        };
    }

    private static Map<String, Object> map(String key, Object value) {
        Map<String, Object> map = new HashMap<>();
        map.put(key, value);
        return map;
    }

    private static List<Object> list(Object... values) {
        return new ArrayList<>(Arrays.asList(values));
    }
}
