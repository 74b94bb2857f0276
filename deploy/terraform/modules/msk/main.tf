locals {
  broker_count       = length(var.subnet_ids) * var.brokers_per_zone
  replication_factor = min(3, local.broker_count)
}

resource "aws_msk_configuration" "this" {
  name        = "${var.prefix}-msk-configuration"
  description = "No automatic topic creation. With three brokers, every acknowledged record is on at least two"
  # No kafka_versions: a change would replace the configuration, whose name is taken as long as the cluster uses it. A new
  # revision of this configuration works for every version.

  # auto.create.topics.enable: a misspelt topic name must be an error, not a new topic that nobody reads, with the wrong
  # partition count and no dead-letter topic beside it.
  server_properties = <<-PROPERTIES
    auto.create.topics.enable=false
    default.replication.factor=${local.replication_factor}
    min.insync.replicas=${max(1, local.replication_factor - 1)}
    offsets.topic.replication.factor=${local.replication_factor}
    transaction.state.log.replication.factor=${local.replication_factor}
    transaction.state.log.min.isr=${max(1, local.replication_factor - 1)}
    unclean.leader.election.enable=false
    log.retention.ms=${var.retention_ms}
  PROPERTIES

  # A configuration in use cannot be deleted: create the new one first.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_msk_cluster" "this" {
  #checkov:skip=CKV_AWS_291:Nodes are private. The check requires an attribute that no longer exists.
  cluster_name           = "${var.prefix}-msk-cluster"
  kafka_version          = var.kafka_version
  number_of_broker_nodes = local.broker_count
  enhanced_monitoring    = "PER_TOPIC_PER_BROKER"

  configuration_info {
    arn      = aws_msk_configuration.this.arn
    revision = aws_msk_configuration.this.latest_revision
  }

  broker_node_group_info {
    instance_type   = var.instance_type
    client_subnets  = var.subnet_ids
    security_groups = [aws_security_group.brokers.id]

    storage_info {
      ebs_storage_info {
        volume_size = var.volume_gib
      }
    }
  }

  client_authentication {
    unauthenticated = false

    sasl {
      iam   = true
      scram = false
    }
  }

  encryption_info {
    encryption_at_rest_kms_key_arn = var.kms_key_arn

    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }

  open_monitoring {
    prometheus {
      jmx_exporter {
        enabled_in_broker = true
      }

      node_exporter {
        enabled_in_broker = true
      }
    }
  }

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.brokers.name
      }

      s3 {
        enabled = true
        bucket  = aws_s3_bucket.logs.id
        prefix  = "logs/msk/cluster-"
      }
    }
  }

  # Storage autoscaling enlarges volumes. A plan must not try to shrink them.
  lifecycle {
    ignore_changes = [broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size]
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_appautoscaling_target" "storage" {
  service_namespace  = "kafka"
  scalable_dimension = "kafka:broker-storage:VolumeSize"
  resource_id        = aws_msk_cluster.this.arn
  min_capacity       = 1
  max_capacity       = var.max_volume_gib
}

resource "aws_appautoscaling_policy" "storage" {
  name               = "${var.prefix}-msk-storage"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.storage.service_namespace
  scalable_dimension = aws_appautoscaling_target.storage.scalable_dimension
  resource_id        = aws_appautoscaling_target.storage.resource_id

  target_tracking_scaling_policy_configuration {
    target_value     = 60
    disable_scale_in = true

    predefined_metric_specification {
      predefined_metric_type = "KafkaBrokerStorageUtilization"
    }
  }
}
