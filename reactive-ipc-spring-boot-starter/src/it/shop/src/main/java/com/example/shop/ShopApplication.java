package com.example.shop;

import io.reactiveipc.spi.Memory;
import org.slf4j.LoggerFactory;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class ShopApplication {
    @Bean
    CommandLineRunner tellMemoryAccess() {
        return args -> LoggerFactory.getLogger(ShopApplication.class).info("memory access: {}", Memory.mode());
    }

    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }
}
