package com.example.shop;

import io.reactiveipc.IpcPublication;
import io.reactiveipc.IpcSubscription;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@RestController
class Shop {
    private final IpcPublication<String> orders;
    private final IpcSubscription<String> prices;

    Shop(IpcPublication<String> orders, IpcSubscription<String> prices) {
        this.orders = orders;
        this.prices = prices;
    }

    @PostMapping("/orders")
    Mono<Void> order(@RequestBody String order) {
        return orders.emit(order);
    }

    @GetMapping(path = "/prices", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<String> prices() {
        return prices.receive();
    }
}
