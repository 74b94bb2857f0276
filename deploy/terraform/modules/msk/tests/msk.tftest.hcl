provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix     = "orders-test"
  vpc_id     = "vpc-0123456789abcdef0"
  subnet_ids = ["subnet-a", "subnet-b", "subnet-c"]
}

run "S0-19_three_brokers_in_the_private_subnets_with_the_reference_names" {
  command = plan

  assert {
    condition     = aws_msk_cluster.this.number_of_broker_nodes == 3
    error_message = "expected three brokers"
  }

  assert {
    condition     = aws_msk_cluster.this.broker_node_group_info[0].client_subnets == toset(["subnet-a", "subnet-b", "subnet-c"])
    error_message = "expected the given subnets"
  }

  assert {
    condition     = aws_msk_cluster.this.broker_node_group_info[0].instance_type == "kafka.m5.large" && aws_msk_cluster.this.broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size == 20
    error_message = "expected kafka.m5.large with 20 GiB"
  }

  assert {
    condition     = aws_msk_cluster.this.kafka_version == "3.9.x.kraft"
    error_message = "expected a KRaft version"
  }

  assert {
    condition = (
      aws_msk_cluster.this.cluster_name == "orders-test-msk-cluster"
      && aws_msk_configuration.this.name == "orders-test-msk-configuration"
      && aws_security_group.brokers.name == "orders-test-msk-sg"
    )
    error_message = "expected <prefix>-msk-cluster, -msk-configuration and -msk-sg"
  }
}

run "S0-19_IAM_is_the_only_authentication_and_all_traffic_is_encrypted" {
  command = plan

  assert {
    condition = (
      aws_msk_cluster.this.client_authentication[0].sasl[0].iam
      && !aws_msk_cluster.this.client_authentication[0].sasl[0].scram
      && !aws_msk_cluster.this.client_authentication[0].unauthenticated
    )
    error_message = "expected IAM as the only authentication"
  }

  assert {
    condition     = aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].client_broker == "TLS" && aws_msk_cluster.this.encryption_info[0].encryption_in_transit[0].in_cluster
    error_message = "expected TLS for clients and between brokers"
  }
}

run "S0-19_topics_are_never_created_by_accident_and_keep_records_for_seven_days" {
  command = plan

  assert {
    condition     = aws_msk_configuration.this.kafka_versions == null
    error_message = "expected a configuration that is not bound to Kafka versions"
  }

  assert {
    condition     = strcontains(aws_msk_configuration.this.server_properties, "auto.create.topics.enable=false\n")
    error_message = "expected auto.create.topics.enable=false"
  }

  assert {
    condition     = strcontains(aws_msk_configuration.this.server_properties, "log.retention.ms=604800000\n")
    error_message = "expected 604800000 ms, in digits"
  }

  assert {
    condition     = strcontains(aws_msk_configuration.this.server_properties, "default.replication.factor=3\n") && strcontains(aws_msk_configuration.this.server_properties, "\nmin.insync.replicas=2\n")
    error_message = "expected three copies, and acknowledgement by two"
  }
}

run "S0-19_broker_logs_go_to_CloudWatch_and_to_S3" {
  command = plan

  assert {
    condition     = aws_msk_cluster.this.logging_info[0].broker_logs[0].cloudwatch_logs[0].enabled
    error_message = "expected broker logs in CloudWatch"
  }

  assert {
    condition     = aws_msk_cluster.this.logging_info[0].broker_logs[0].s3[0].enabled && aws_msk_cluster.this.logging_info[0].broker_logs[0].s3[0].prefix == "logs/msk/cluster-"
    error_message = "expected broker logs in S3 under logs/msk/cluster-"
  }
}

run "S0-20_brokers_accept_other_brokers_and_clients_on_9098_only" {
  command = plan

  assert {
    condition     = toset(keys(aws_vpc_security_group_ingress_rule.brokers)) == toset(["brokers", "clients"])
    error_message = "expected no VPN rule by default"
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.brokers : rule.from_port == 9098 && rule.to_port == 9098 && rule.cidr_ipv4 == null])
    error_message = "expected rules for 9098 from security groups, not from addresses"
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.clients.from_port == 9098 && aws_vpc_security_group_egress_rule.clients.to_port == 9098
    error_message = "expected egress of clients to 9098"
  }
}

run "S0-20_a_VPN_gets_a_rule_only_when_enabled" {
  command = plan

  variables {
    vpn_enabled           = true
    vpn_security_group_id = "sg-0123456789abcdef0"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.brokers["vpn"].referenced_security_group_id == "sg-0123456789abcdef0" && aws_vpc_security_group_ingress_rule.brokers["vpn"].to_port == 9098
    error_message = "expected a rule for the VPN's security group on 9098"
  }
}

run "S2-15_two_brokers_of_a_size_that_works_with_IAM" {
  command = plan

  variables {
    subnet_ids    = ["subnet-a", "subnet-b"]
    instance_type = "kafka.m7g.large"
  }

  assert {
    condition     = aws_msk_cluster.this.number_of_broker_nodes == 2 && strcontains(aws_msk_configuration.this.server_properties, "default.replication.factor=2\n")
    error_message = "expected two brokers and two copies"
  }
}

run "S2-15_small_brokers_are_rejected_with_IAM" {
  command = plan

  variables {
    instance_type = "kafka.t3.small"
  }

  expect_failures = [var.instance_type]
}

run "S2-15_small_brokers_are_accepted_when_forced" {
  command = plan

  variables {
    instance_type       = "kafka.t3.small"
    allow_small_brokers = true
  }

  assert {
    condition     = aws_msk_cluster.this.broker_node_group_info[0].instance_type == "kafka.t3.small"
    error_message = "expected kafka.t3.small"
  }
}

run "storage_grows_automatically_and_open_monitoring_is_on" {
  command = plan

  assert {
    condition     = aws_appautoscaling_target.storage.max_capacity == 100 && aws_appautoscaling_policy.storage.target_tracking_scaling_policy_configuration[0].target_value == 60
    error_message = "expected growth up to 100 GiB, at 60 % use"
  }

  assert {
    condition     = aws_msk_cluster.this.open_monitoring[0].prometheus[0].jmx_exporter[0].enabled_in_broker && aws_msk_cluster.this.open_monitoring[0].prometheus[0].node_exporter[0].enabled_in_broker
    error_message = "expected open monitoring"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix                = "-"
    vpc_id                = "orders"
    subnet_ids            = ["subnet-a"]
    brokers_per_zone      = 1.5
    kafka_version         = "3.3.1"
    max_volume_gib        = 10
    retention_ms          = 10
    kms_key_arn           = "alias/msk"
    log_retention_days    = 8
    vpn_security_group_id = "vpn"
  }

  expect_failures = [
    var.prefix, var.vpc_id, var.subnet_ids, var.brokers_per_zone, var.kafka_version, var.max_volume_gib,
    var.retention_ms, var.kms_key_arn, var.log_retention_days, var.vpn_security_group_id,
  ]
}
