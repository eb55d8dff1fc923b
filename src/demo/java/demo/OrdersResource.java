package demo;

import dev.kerrera.job.Job;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Optional;

/** The order desk over HTTP. */
@RequestScoped
@Path("/orders")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {

    @Inject
    private OrderDesk desk;

    @Inject
    private GossipLog gossip;

    /** Places an order; with {@code ?fail=true} it is rolled back. */
    @POST
    public Response place(@DefaultValue("false") @QueryParam("fail") boolean fail, OrderRequest request) {
        if (request == null || request.customer() == null || request.total() == null) {
            JsonObject remedy = Json.createObjectBuilder()
                    .add("error", "send an order such as {\"customer\":\"ada@example.org\",\"total\":19.90}")
                    .build();
            return Response.status(Response.Status.BAD_REQUEST).entity(remedy).build();
        }
        try {
            PlacedOrder placed = desk.place(new Order(request.customer(), request.total()), fail);
            URI location = URI.create("orders/" + placed.order());
            return Response.created(location).entity(placed).build();
        } catch (OrderRefusedException refused) {
            JsonObject why = Json.createObjectBuilder()
                    .add("error", String.valueOf(refused.getMessage()))
                    .build();
            return Response.status(Response.Status.CONFLICT).entity(why).build();
        }
    }

    /** An order, the state of its receipt job, and what was heard about it. */
    @GET
    @Path("/{id}")
    public JsonObject order(@PathParam("id") long id) {
        Order order = desk.order(id).orElseThrow(NotFoundException::new);
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("order", id)
                .add("customer", order.customer)
                .add("total", new BigDecimal(order.total.toPlainString()))
                .add("gossip", Json.createArrayBuilder(gossip.about(id)));
        Optional<Job> receipt = Optional.ofNullable(order.receiptJob).flatMap(desk::job);
        receipt.ifPresent(
                job -> json.add("job", job.id()).add("state", job.state().label()));
        return json.build();
    }
}
