provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name           = "orders-test-source"
  connector_file = "tests/source.json"
  replaced = {
    "database.hostname" = "db.example"
    "database.password" = "$${secretsmanager:orders-test/replication:password}"
  }
  plugin = {
    bucket_arn     = "arn:aws:s3:::orders-test-plugins"
    key            = "debezium-mysql.zip"
    object_version = "v1"
    sha256         = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  kafka = {
    cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
    bootstrap_servers        = "b-1.example:9098,b-2.example:9098"
    client_security_group_id = "sg-0123456789abcdef1"
  }
  writes   = ["shop.orders.line"]
  registry = { name = "customer", registers = ["shop.orders.line-key", "shop.orders.line-value"] }
  secrets  = { "orders-test/replication" = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:orders-test/replication-AbCdEf" }
}

run "S2-13_the_connector_uses_IAM_over_TLS_and_the_versioned_plugin" {
  command = plan

  assert {
    condition = (
      aws_mskconnect_connector.this.kafka_cluster_client_authentication[0].authentication_type == "IAM"
      && aws_mskconnect_connector.this.kafka_cluster_encryption_in_transit[0].encryption_type == "TLS"
    )
    error_message = "expected IAM over TLS"
  }

  assert {
    condition     = aws_mskconnect_connector.this.kafka_cluster[0].apache_kafka_cluster[0].bootstrap_servers == "b-1.example:9098,b-2.example:9098"
    error_message = "expected the brokers of the cluster"
  }

  assert {
    condition     = contains(aws_mskconnect_connector.this.kafka_cluster[0].apache_kafka_cluster[0].vpc[0].subnets, "subnet-b") && length(aws_mskconnect_connector.this.kafka_cluster[0].apache_kafka_cluster[0].vpc[0].subnets) == 3
    error_message = "expected workers in all private subnets"
  }

  assert {
    condition     = aws_mskconnect_custom_plugin.this.location[0].s3[0].object_version == "v1" && aws_mskconnect_custom_plugin.this.name == "orders-test-source-aaaaaaaaaaaa"
    error_message = "expected the given version of the zip, and a plugin named by its content"
  }
}

run "S2-13_properties_of_a_local_worker_are_replaced_or_removed" {
  command = plan

  assert {
    condition = output.config == tomap({
      "connector.class"                                                     = "io.debezium.connector.mysql.MySqlConnector"
      "tasks.max"                                                           = "1"
      "database.hostname"                                                   = "db.example"
      "database.user"                                                       = "replicator"
      "database.password"                                                   = "$${secretsmanager:orders-test/replication:password}"
      "topic.prefix"                                                        = "shop"
      "topic.creation.default.replication.factor"                           = "-1"
      "topic.creation.default.partitions"                                   = "6"
      "schema.history.internal.kafka.bootstrap.servers"                     = "b-1.example:9098,b-2.example:9098"
      "schema.history.internal.kafka.topic"                                 = "shop-history"
      "schema.history.internal.producer.security.protocol"                  = "SASL_SSL"
      "schema.history.internal.producer.sasl.mechanism"                     = "AWS_MSK_IAM"
      "schema.history.internal.producer.sasl.jaas.config"                   = "software.amazon.msk.auth.iam.IAMLoginModule required;"
      "schema.history.internal.producer.sasl.client.callback.handler.class" = "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
      "schema.history.internal.consumer.security.protocol"                  = "SASL_SSL"
      "schema.history.internal.consumer.sasl.mechanism"                     = "AWS_MSK_IAM"
      "schema.history.internal.consumer.sasl.jaas.config"                   = "software.amazon.msk.auth.iam.IAMLoginModule required;"
      "schema.history.internal.consumer.sasl.client.callback.handler.class" = "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
      "value.converter"                                                     = "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter"
      "value.converter.region"                                              = "ap-southeast-2"
      "value.converter.registry.name"                                       = "customer"
    })
    error_message = "expected exactly these properties"
  }
}

run "S2-13_a_replaced_connector_continues_at_its_offsets" {
  command = plan

  assert {
    condition = output.worker_properties == join("", [
      "config.providers=secretsmanager\n",
      "config.providers.secretsmanager.class=com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider\n",
      "config.providers.secretsmanager.param.region=ap-southeast-2\n",
      "key.converter=org.apache.kafka.connect.storage.StringConverter\n",
      "offset.storage.topic=orders-test-source-offsets\n",
      "value.converter=org.apache.kafka.connect.storage.StringConverter\n",
    ])
    error_message = "expected the provider of secrets and a topic for offsets that does not depend on the connector's id"
  }
}

run "worker_logs_go_to_CloudWatch_and_to_the_bucket" {
  command = plan

  variables {
    logs_bucket        = "orders-test-logs"
    log_retention_days = 7
  }

  assert {
    condition = (
      aws_mskconnect_connector.this.log_delivery[0].worker_log_delivery[0].cloudwatch_logs[0].log_group == "/msk-connect/orders-test-source"
      && aws_cloudwatch_log_group.workers.retention_in_days == 7
    )
    error_message = "expected a log group"
  }

  assert {
    condition     = aws_mskconnect_connector.this.log_delivery[0].worker_log_delivery[0].s3[0].prefix == "msk-connect/orders-test-source"
    error_message = "expected logs in the bucket"
  }
}

run "S2-14_the_workers_read_the_named_secret_and_no_other" {
  command = plan

  variables {
    kms_key_arns = ["arn:aws:kms:ap-southeast-2:123456789012:key/11111111-2222-3333-4444-555555555555"]
  }

  assert {
    condition = [for s in jsondecode(output.policy_json).Statement : s.Resource if contains(flatten([s.Action]), "secretsmanager:GetSecretValue")] == [
      "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:orders-test/replication-AbCdEf",
    ]
    error_message = "expected GetSecretValue on one secret"
  }

  assert {
    condition = [for s in jsondecode(output.policy_json).Statement : s.Condition.StringEquals["kms:ViaService"] if contains(flatten([s.Action]), "kms:Decrypt")] == [
      "secretsmanager.ap-southeast-2.amazonaws.com",
    ]
    error_message = "expected the key only for Secrets Manager"
  }
}

run "only_MSK_Connect_of_this_account_assumes_the_role_and_only_for_this_connector" {
  command = plan

  assert {
    condition = (
      jsondecode(data.aws_iam_policy_document.trust.json).Statement[0].Principal.Service == "kafkaconnect.amazonaws.com"
      && jsondecode(data.aws_iam_policy_document.trust.json).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
      && jsondecode(data.aws_iam_policy_document.trust.json).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:kafkaconnect:ap-southeast-2:123456789012:connector/orders-test-source/*"
    )
    error_message = "expected the service, the account and the connector in the trust policy"
  }
}

run "workers_reach_endpoints_and_named_destinations_only" {
  command = plan

  variables {
    destinations = { "PostgreSQL" = { security_group_id = "sg-0123456789abcdef2", port = 5432 } }
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.others["PostgreSQL"].from_port == 5432 && aws_vpc_security_group_egress_rule.others["PostgreSQL"].cidr_ipv4 == null
    error_message = "expected egress to the database's security group"
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.s3) == 0 && aws_vpc_security_group_egress_rule.endpoints.from_port == 443
    error_message = "expected no egress to S3 without a bucket"
  }
}

run "a_sink_reads_its_topics_and_writes_its_bucket_with_autoscaled_workers" {
  command = plan

  variables {
    name           = "orders-test-sink"
    connector_file = "tests/sink.json"
    replaced       = {}
    secrets        = {}
    writes         = []
    registry       = { name = "customer" }
    bucket         = { arn = "arn:aws:s3:::orders-test-files" }
    capacity       = { autoscaling = { min_workers = 1, max_workers = 4 } }
  }

  assert {
    condition     = aws_mskconnect_connector.this.capacity[0].autoscaling[0].max_worker_count == 4 && length(aws_mskconnect_connector.this.capacity[0].provisioned_capacity) == 0
    error_message = "expected autoscaling"
  }

  assert {
    condition = toset([for s in jsondecode(output.policy_json).Statement : s.Sid]) == toset([
      "Cluster", "WorkerTopics", "WorkerGroups", "ReadTopics", "VersionById", "Files", "Bucket",
    ])
    error_message = "expected no registration of schemas, no secrets and no topics to write"
  }

  assert {
    condition     = !strcontains(output.worker_properties, "config.providers")
    error_message = "expected no provider of secrets, because the plugin need not contain one"
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.s3) == 1
    error_message = "expected egress to S3"
  }
}

run "topics_that_the_properties_name_are_allowed" {
  command = plan

  variables {
    added = { "heartbeat.interval.ms" = "10000" }
  }

  assert {
    condition = toset([
      for s in jsondecode(output.policy_json).Statement : [for arn in flatten([s.Resource]) : split("-2/", arn)[1]] if contains(["WriteTopics", "SchemaHistory", "SchemaHistoryGroup"], s.Sid)
    ]) == toset([["shop.orders.line", "__debezium-heartbeat.shop"], ["shop-history"], ["shop-schemahistory"]])
    error_message = "expected the topic of records, of heartbeats and of the schema history"
  }
}

run "an_added_property_that_the_file_has_is_rejected" {
  command = plan

  variables {
    added = { "topic.prefix" = "other" }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "S2-14_a_password_in_the_properties_is_rejected" {
  command = plan

  variables {
    replaced = { "database.hostname" = "db.example", "database.password" = "hunter2" }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "S2-13_references_that_only_a_local_worker_resolves_are_rejected" {
  command = plan

  variables {
    replaced = { "database.password" = "$${secretsmanager:orders-test/replication:password}" }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "S2-13_addresses_of_a_local_stack_are_rejected" {
  command = plan

  variables {
    replaced = {
      "database.hostname" = "localhost"
      "database.password" = "$${secretsmanager:orders-test/replication:password}"
    }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "a_replaced_property_that_the_file_does_not_have_is_rejected" {
  command = plan

  variables {
    replaced = {
      "database.hostname" = "db.example"
      "database.pasword"  = "$${secretsmanager:orders-test/replication:password}"
      "database.password" = "$${secretsmanager:orders-test/replication:password}"
    }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "a_secret_that_the_role_may_not_read_is_rejected" {
  command = plan

  variables {
    secrets = { "orders-test/other" = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:orders-test/other-AbCdEf" }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "a_Debezium_source_with_more_than_one_worker_is_rejected" {
  command = plan

  variables {
    capacity = { autoscaling = { min_workers = 1, max_workers = 2 } }
  }

  expect_failures = [aws_mskconnect_connector.this]
}

run "S2-15_one_broker_is_rejected" {
  command = plan

  variables {
    kafka = {
      cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
      bootstrap_servers        = "b-1.example:9098"
      client_security_group_id = "sg-0123456789abcdef1"
    }
  }

  expect_failures = [var.kafka]
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    name                 = "Source"
    plugin               = { bucket_arn = "arn:aws:s3:::b", key = "plugin.jar", object_version = "1", sha256 = "x" }
    kafkaconnect_version = "4.0"
    capacity             = { mcu_count = 3, worker_count = 0 }
    writes               = ["shop.*"]
    registry             = { name = "customer", registers = ["shop*"] }
    bucket               = { arn = "arn:aws:s3:::b*" }
    secrets              = { "all" = "arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:*" }
    log_retention_days   = 8
  }

  expect_failures = [
    var.name, var.plugin, var.kafkaconnect_version, var.capacity, var.writes, var.registry, var.bucket, var.secrets, var.log_retention_days,
  ]
}
