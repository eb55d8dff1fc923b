package demo;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import java.util.Objects;

/** Says on the console where to look. */
@ApplicationScoped
class Welcome {

    void greet(@Observes @Initialized(ApplicationScoped.class) Object application) {
        String port = Objects.requireNonNullElse(System.getenv("HTTP_PORT"), "9080");
        String database = Objects.requireNonNullElse(
                System.getenv("KERRERA_DB_URL"), "jdbc:postgresql://127.0.0.1:54329/kerrera (user postgres)");
        System.out.println("""

                The order desk is open.
                  place an order   curl -H 'Content-Type: application/json' -d '{"customer":"ada@example.org","total":19.90}' http://localhost:%1$s/demo/orders
                  look at it       curl http://localhost:%1$s/demo/orders/1
                  insert any job   curl -H 'Content-Type: application/json' -d '{"worker":"demo.Exercise","args":{"action":"error"}}' http://localhost:%1$s/demo/jobs
                  health           curl http://localhost:%1$s/health
                  database         %2$s
                """.formatted(port, database));
    }
}
