provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-order-consumer"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  service = {
    cluster_name = "orders-test"
    image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/order-consumer:1.0.0"
  }
  kafka = {
    cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
    bootstrap_servers        = "b-1.example:9098,b-2.example:9098"
    client_security_group_id = "sg-0123456789abcdef1"
  }
}

run "D-09_S0-15_the_service_connects_with_IAM_on_9098" {
  command = plan

  assert {
    condition = {
      for variable in output.container.environment : variable.name => variable.value
      } == {
      AWS_REGION        = "ap-southeast-2"
      BOOTSTRAP_SERVERS = "b-1.example:9098,b-2.example:9098"
      GROUP_ID          = "orders-group-01"
      LOG_LEVEL         = "info"
      REGISTRY_NAME     = "customer"
      SASL_MECHANISM    = "AWS_MSK_IAM"
      SECURITY_PROTOCOL = "SASL_SSL"
      TOMBSTONES        = "ignore"
      TOPIC_NAMES       = "orders"
    }
    error_message = "expected exactly these environment variables"
  }
}

run "the_log_driver_does_not_drop_what_stdout_accepted" {
  command = plan

  assert {
    condition     = output.container.logConfiguration.options.mode == "blocking"
    error_message = "expected blocking logs, because stdout is the sink"
  }
}

run "S0-21_dead_letters_go_only_to_the_dead_letter_topics" {
  command = plan

  variables {
    topics = ["orders", "returns"]
  }

  assert {
    condition = toset(flatten([for s in jsondecode(output.policy_json).Statement : s.Resource if s.Sid == "WriteDeadLetters"])) == toset([
      "arn:aws:kafka:ap-southeast-2:123456789012:topic/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2/orders.dlq",
      "arn:aws:kafka:ap-southeast-2:123456789012:topic/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2/returns.dlq",
    ])
    error_message = "expected write access to <topic>.dlq of each topic only"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.behind) == 2 && length(aws_cloudwatch_metric_alarm.caught_up.metric_query) == 3
    error_message = "expected the lag of each topic"
  }
}

run "scaling_follows_the_time_that_the_group_needs_to_catch_up" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.behind["orders"].metric_name == "EstimatedMaxTimeLag" && aws_cloudwatch_metric_alarm.behind["orders"].threshold == 60
    error_message = "expected to scale out above 60 s"
  }

  assert {
    condition = aws_cloudwatch_metric_alarm.behind["orders"].dimensions == tomap({
      "Cluster Name"   = "orders-test-msk-cluster"
      "Consumer Group" = "orders-group-01"
      "Topic"          = "orders"
    })
    error_message = "expected the metric of this cluster, group and topic"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.behind["orders"].treat_missing_data == "ignore" && aws_cloudwatch_metric_alarm.caught_up.treat_missing_data == "ignore"
    error_message = "expected missing data to change nothing"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.caught_up.evaluation_periods == 15 && aws_appautoscaling_policy.in.step_scaling_policy_configuration[0].cooldown == 600
    error_message = "expected to scale in slowly"
  }
}

run "a_deployment_that_does_not_keep_up_is_rolled_back" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.left_behind["orders"].threshold == 120 && aws_cloudwatch_metric_alarm.left_behind["orders"].evaluation_periods == 3 && aws_cloudwatch_metric_alarm.left_behind["orders"].alarm_actions == null
    error_message = "expected twice the lag that adds tasks, for three minutes"
  }
}

run "S1-05_S2-07_the_sinks_have_their_variables_and_the_role_may_write_to_their_stores_alone" {
  command = plan

  variables {
    tombstones = "delete"
    sinks = {
      stdout   = false
      dynamodb = { table_arn = "arn:aws:dynamodb:ap-southeast-2:123456789012:table/orders" }
      s3       = { bucket_arn = "arn:aws:s3:::orders-files", flush_ms = 90000, timezone = "Australia/Sydney" }
    }
  }

  assert {
    condition = {
      for variable in output.container.environment : variable.name => variable.value
      if can(regex("^(SINKS|DYNAMODB|S3)", variable.name))
      } == {
      SINKS                  = "dynamodb,s3"
      DYNAMODB_TABLE         = "orders"
      DYNAMODB_KEY           = "order_id"
      DYNAMODB_TOMBSTONE_KEY = "/order_id"
      S3_BUCKET              = "orders-files"
      S3_PREFIX              = "topics"
      S3_FORMAT              = "json"
      S3_FLUSH_RECORDS       = "100"
      S3_FLUSH_MS            = "90000"
      S3_TIMEZONE            = "Australia/Sydney"
    }
    error_message = "expected exactly these variables of the sinks"
  }

  assert {
    condition = {
      for s in jsondecode(output.policy_json).Statement : s.Sid => { actions = toset(flatten([s.Action])), resource = s.Resource }
      if contains(["Items", "Files", "ListFiles"], s.Sid)
      } == {
      Items     = { actions = toset(["dynamodb:PutItem", "dynamodb:DeleteItem"]), resource = "arn:aws:dynamodb:ap-southeast-2:123456789012:table/orders" }
      Files     = { actions = toset(["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"]), resource = "arn:aws:s3:::orders-files/topics/*" }
      ListFiles = { actions = toset(["s3:ListBucket", "s3:ListBucketMultipartUploads"]), resource = "arn:aws:s3:::orders-files" }
    }
    error_message = "expected the stores' own actions, and deletions because of tombstones = delete"
  }

  assert {
    condition     = output.container.logConfiguration.options.mode == "non-blocking"
    error_message = "expected non-blocking logs, because no order goes to stdout"
  }

  assert {
    condition = [
      aws_cloudwatch_metric_alarm.behind["orders"].threshold,
      aws_cloudwatch_metric_alarm.left_behind["orders"].threshold,
      aws_cloudwatch_metric_alarm.caught_up.threshold,
    ] == [150, 210, 96]
    error_message = "expected the 90 s of a file to be granted by each alarm"
  }
}

run "S1-05_items_are_not_deleted_without_tombstones" {
  command = plan

  variables {
    sinks = { dynamodb = { table_arn = "arn:aws:dynamodb:ap-southeast-2:123456789012:table/orders" } }
  }

  assert {
    condition     = [for s in jsondecode(output.policy_json).Statement : s.Action if s.Sid == "Items"] == ["dynamodb:PutItem"]
    error_message = "expected PutItem alone"
  }

  assert {
    condition     = output.container.logConfiguration.options.mode == "blocking"
    error_message = "expected blocking logs, because stdout is a sink too"
  }
}

run "S1-03_the_task_assumes_the_named_roles_and_no_others" {
  command = plan

  variables {
    assume_roles = {
      kafka = "arn:aws:iam::210987654321:role/orders-reader"
      glue  = "arn:aws:iam::210987654321:role/schemas"
    }
  }

  assert {
    condition = {
      for variable in output.container.environment : variable.name => variable.value
      if endswith(variable.name, "_ASSUME_ROLE_ARN")
      } == {
      KAFKA_ASSUME_ROLE_ARN = "arn:aws:iam::210987654321:role/orders-reader"
      GLUE_ASSUME_ROLE_ARN  = "arn:aws:iam::210987654321:role/schemas"
    }
    error_message = "expected the roles in the variables"
  }

  assert {
    condition = toset(flatten([for s in jsondecode(output.policy_json).Statement : s.Resource if contains(flatten([s.Action]), "sts:AssumeRole")])) == toset([
      "arn:aws:iam::210987654321:role/orders-reader",
      "arn:aws:iam::210987654321:role/schemas",
    ])
    error_message = "expected sts:AssumeRole on these roles alone"
  }
}

run "wrong_stores_and_roles_are_rejected_by_name" {
  command = plan

  variables {
    sinks        = { stdout = false, s3 = { bucket_arn = "arn:aws:s3:::orders/*", prefix = "" } }
    assume_roles = { kafka = "arn:aws:iam::210987654321:user/x" }
  }

  expect_failures = [var.sinks, var.assume_roles]
}

run "more_tasks_than_partitions_are_rejected" {
  command = plan

  variables {
    partitions = 3
  }

  expect_failures = [var.service]
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    topics            = ["orders", "dead"]
    dead_letter_topic = "dead"
    group_id          = "a:b"
    tombstones        = "drop"
    max_lag_seconds   = 1
    service = {
      cluster_name = "orders-test"
      image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/order-consumer:1.0.0"
      log_level    = "loud"
    }
    registry_name = "a b"
  }

  expect_failures = [
    var.dead_letter_topic, var.group_id, var.tombstones, var.max_lag_seconds, var.service, var.registry_name,
  ]
}
