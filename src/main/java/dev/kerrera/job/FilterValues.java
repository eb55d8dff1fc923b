package dev.kerrera.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must hold for the values of a filter. */
final class FilterValues {
    private FilterValues() {}

    /** At least one value, none null. */
    static <T> List<T> some(String field, @Nullable Collection<? extends T> values) {
        List<T> present = all(field, values);
        must(
                !present.isEmpty(),
                field,
                present,
                "must name at least one value: leave the condition out to allow any, and do not ask when there is nothing to ask for");
        return present;
    }

    /** At least one text, none null, all such as the database may hold. */
    static List<String> texts(String field, String @Nullable ... texts) {
        List<String> some = some(field, listed(texts));
        some.forEach(text -> storable(field, text));
        return some;
    }

    /** Any texts, none null, all such as the database may hold. */
    static List<String> anyTexts(String field, @Nullable Collection<String> texts) {
        List<String> any = all(field, texts);
        any.forEach(text -> storable(field, text));
        return any;
    }

    static String text(String field, @Nullable String text) {
        must(text != null && !text.isEmpty(), field, quoted(text), "must be a text that is not empty");
        String present = Objects.requireNonNull(text);
        storable(field, present);
        return present;
    }

    static List<Long> numbers(String field, int @Nullable ... numbers) {
        return some(
                field,
                numbers == null
                        ? null
                        : Arrays.stream(numbers).asLongStream().boxed().toList());
    }

    /** An object that is not empty, as its JSON text. */
    static String object(String field, @Nullable Map<String, ?> object) {
        JsonText json = JsonText.of(object);
        String remedy = json.remedy();
        must(remedy == null, field, json.text(), String.valueOf(remedy));
        must(object != null && !json.text().equals("{}"), field, object == null ? "null" : "{}", "must not be empty");
        return json.text();
    }

    /** A moment in whole microseconds. */
    static Instant moment(@Nullable JobTime time, @Nullable Instant instant) {
        String field = time == null ? "time" : time.label();
        must(time != null && instant != null, field, String.valueOf(instant), "must be given with a moment");
        Instant present = Objects.requireNonNull(instant);
        must(JobRules.isStorable(present), field, present, JobRules.STORABLE_TIME);
        return present.truncatedTo(ChronoUnit.MICROS);
    }

    static <T> @Nullable List<T> listed(T @Nullable [] values) {
        return values == null ? null : Arrays.asList(values);
    }

    private static <T> List<T> all(String field, @Nullable Collection<? extends T> values) {
        must(
                values != null && values.stream().noneMatch(Objects::isNull),
                field,
                String.valueOf(values),
                "must not be null nor contain null: a column that is null cannot be asked for");
        return List.copyOf(Objects.requireNonNull(values));
    }

    private static void storable(String field, String text) {
        must(!Unstorable.in(text), field, quoted(text), Unstorable.REMEDY);
    }

    private static void must(boolean holds, String field, Object value, String remedy) {
        if (!holds) {
            throw new IllegalArgumentException(
                    new InvalidJobException.Problem(field, String.valueOf(value), remedy).toString());
        }
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "null" : '"' + text + '"';
    }
}
