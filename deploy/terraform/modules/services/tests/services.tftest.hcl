provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix             = "orders-test"
  domain_name        = "orders.example.com"
  hosted_zone_id     = "Z0123456789"
  log_retention_days = 7
  rules_directory    = "../../../../docker/prometheus/rules"
  producer           = { cpu = 256, memory_mib = 512, min_tasks = 1, max_tasks = 2 }
  consumer           = { cpu = 256, memory_mib = 512, min_tasks = 1, max_tasks = 2, spot_weight = 7 }
  images = {
    order-producer = "@sha256:0000000000000000000000000000000000000000000000000000000000000001"
    order-consumer = "@sha256:0000000000000000000000000000000000000000000000000000000000000002"
    orders         = "@sha256:0000000000000000000000000000000000000000000000000000000000000003"
  }
}

run "S0-22_the_infra_stack_is_looked_up_by_its_prefix" {
  command = plan

  assert {
    condition     = data.aws_msk_cluster.this.cluster_name == "orders-test-msk-cluster" && data.aws_security_group.kafka_clients.name == "orders-test-msk-client-sg"
    error_message = "expected a lookup by name"
  }

  assert {
    condition     = output.services == ["orders-test-order-producer", "orders-test-order-consumer"]
    error_message = "expected two services"
  }
}

run "an_image_that_is_not_named_keeps_running" {
  command = plan

  variables {
    images = { orders = "@sha256:0000000000000000000000000000000000000000000000000000000000000003" }
  }

  override_data {
    target = data.aws_ecs_service.kept
    values = { task_definition = "arn:aws:ecs:ap-southeast-2:123456789012:task-definition/orders-test-service:41" }
  }

  override_data {
    target = data.aws_ecs_container_definition.kept
    values = { image = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/kept@sha256:0000000000000000000000000000000000000000000000000000000000000009" }
  }

  assert {
    condition     = toset(keys(data.aws_ecs_container_definition.kept)) == toset(["order-producer", "order-consumer"]) && endswith(data.aws_ecs_container_definition.kept["order-consumer"].task_definition, ":41")
    error_message = "expected the revision that the service runs"
  }

  assert {
    condition     = endswith(local.image["order-producer"], "/kept@sha256:0000000000000000000000000000000000000000000000000000000000000009") && endswith(local.image["orders"], "/orders@sha256:0000000000000000000000000000000000000000000000000000000000000003")
    error_message = "expected the running image to be kept, and the named one to be used"
  }
}

run "D-10_with_metrics_each_service_has_a_collector_for_the_infra_stacks_workspace" {
  command = plan

  variables {
    metrics = true
    images = {
      order-producer = "@sha256:0000000000000000000000000000000000000000000000000000000000000001"
      order-consumer = "@sha256:0000000000000000000000000000000000000000000000000000000000000002"
      orders         = "@sha256:0000000000000000000000000000000000000000000000000000000000000003"
      collector      = "@sha256:0000000000000000000000000000000000000000000000000000000000000004"
    }
  }

  assert {
    condition     = data.aws_prometheus_workspaces.this[0].alias_prefix == "orders-test-metrics" && local.metrics.workspace_id == data.aws_prometheus_workspaces.this[0].workspace_ids[0]
    error_message = "expected a lookup by alias"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix = "orders-of-a-long-name"
    images = { orders = "latest", order-shipper = ":1" }
  }

  expect_failures = [var.prefix, var.images]
}
