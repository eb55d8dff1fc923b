package dev.kerrera.met;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutletTest {

    private static final int MOST = 100;

    private final List<JsonArray> sent = new ArrayList<>();
    private final Outlet outlet = new Outlet(message -> {
        if (message.toString().length() > MOST) {
            throw new IllegalArgumentException("too large");
        }
        sent.add(message.getJsonArray("list"));
    });

    @Test
    void what_fits_goes_in_one_message() {
        outlet.send(items(5), OutletTest::message);

        assertThat(sent).hasSize(1);
    }

    @Test
    void nothing_is_a_message_too() {
        outlet.send(List.of(), OutletTest::message);

        assertThat(sent).containsExactly(JsonArray.EMPTY_JSON_ARRAY);
    }

    @Test
    void what_does_not_fit_is_split_and_nothing_gets_lost() {
        outlet.send(items(1_000), OutletTest::message);

        assertThat(sent).hasSizeGreaterThan(10);
        assertThat(sent.stream().flatMap(List::stream)).containsExactlyElementsOf(items(1_000));
    }

    @Test
    void one_thing_that_is_too_large_keeps_no_other_back() {
        List<JsonString> items = new ArrayList<>(items(9));
        items.add(4, Json.createValue("x".repeat(200)));

        outlet.send(items, OutletTest::message);

        assertThat(sent.stream().flatMap(List::stream)).containsExactlyElementsOf(items(9));
    }

    @Test
    void where_a_second_message_would_replace_the_first_only_what_fits_is_sent() {
        outlet.sendWhatFits(items(1_000), OutletTest::message);

        assertThat(sent).hasSize(1);
        assertThat(sent.get(0)).isNotEmpty().isEqualTo(array(items(sent.get(0).size())));
    }

    private static List<JsonString> items(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Json.createValue("item " + number))
                .toList();
    }

    private static JsonArray array(List<JsonString> items) {
        return Json.createArrayBuilder(items).build();
    }

    private static JsonObject message(JsonArray share) {
        return Json.createObjectBuilder().add("list", share).build();
    }
}
