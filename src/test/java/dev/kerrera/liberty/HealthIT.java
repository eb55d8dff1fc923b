package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kerrera.testsupport.DemoArchive;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** What an orchestrator sees of a healthy node. */
@ArquillianTest
class HealthIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Deployment(testable = false)
    static WebArchive application() {
        return DemoArchive.with();
    }

    @Test
    void started_tells_the_schema() throws Exception {
        JsonObject data = check("started", "kerrera-started").getJsonObject("data");

        assertThat(data.getString("schema"))
                .startsWith("schema public, oban v14 (")
                .endsWith("), kerrera v5");
    }

    @Test
    void ready_tells_of_database_listener_and_queues() throws Exception {
        await().until(() -> check("ready", "kerrera-ready")
                .getJsonObject("data")
                .getString("listener")
                .equals("listening"));
        JsonObject data = check("ready", "kerrera-ready").getJsonObject("data");

        assertThat(data.getString("database")).isEqualTo("answers");
        assertThat(data.getString("queue.default")).isEqualTo("running, 0 of 10 jobs");
        assertThat(data.getString("queue.mail")).isEqualTo("running, 0 of 5 jobs");
    }

    @Test
    void live_tells_when_each_loop_last_turned() throws Exception {
        JsonObject data = check("live", "kerrera-live").getJsonObject("data");

        assertThat(data).containsKeys("The listener", "Polling for jobs", "The stager");
    }

    private static JsonObject check(String kind, String name) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:%s/health/%s".formatted(System.getProperty("test.http.port"), kind));
        HttpResponse<String> response =
                HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        try (JsonReader reader = Json.createReader(new StringReader(response.body()))) {
            return reader.readObject().getJsonArray("checks").getValuesAs(JsonObject.class).stream()
                    .filter(check -> check.getString("name").equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
