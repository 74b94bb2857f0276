provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-topics"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  cluster_name = "orders-test"
  image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/orders:1.0.0"
  kafka = {
    cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
    bootstrap_servers        = "b-1.example:9098,b-2.example:9098"
    client_security_group_id = "sg-0123456789abcdef1"
  }
}

run "S0-24_both_topics_are_created_by_a_task_of_the_orders_image" {
  command = plan

  assert {
    condition     = join(" ", output.container.command) == "topics create --partitions 6 --timeout 240"
    error_message = "expected orders topics create with 6 partitions"
  }

  assert {
    condition     = { for variable in output.container.environment : variable.name => variable.value }["DLQ_TOPIC"] == "orders.dlq"
    error_message = "expected the dead-letter topic as well"
  }

  assert {
    condition     = !can(output.container.healthCheck) && output.container.portMappings == []
    error_message = "expected no health check and no port, because the task ends by itself"
  }
}

run "S0-21_the_task_may_create_its_two_topics_and_no_others" {
  command = plan

  assert {
    condition = toset(flatten([for s in jsondecode(output.policy_json).Statement : s.Resource if s.Sid == "CreateTopics"])) == toset([
      "arn:aws:kafka:ap-southeast-2:123456789012:topic/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2/orders",
      "arn:aws:kafka:ap-southeast-2:123456789012:topic/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2/orders.dlq",
    ])
    error_message = "expected a lookup by name"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    topic              = "orders"
    dead_letter_topic  = "orders"
    partitions         = 0
    replication_factor = 4
    cluster_name       = "arn:aws:ecs:ap-southeast-2:123456789012:cluster/orders-test"
  }

  expect_failures = [var.cluster_name, var.dead_letter_topic, var.partitions, var.replication_factor]
}
