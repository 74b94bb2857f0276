# One connector on MSK Connect, with a plugin, a worker configuration, a role and a log of its own. Plugins and worker
# configurations cannot be changed in place, and their names are unique. So each name contains a hash of the content: a new
# content is a new resource, and the old one is deleted after the connector has left it.

resource "aws_mskconnect_custom_plugin" "this" {
  name         = "${var.name}-${substr(var.plugin.sha256, 0, 12)}"
  description  = "Connector and converter of ${var.name}"
  content_type = "ZIP"

  location {
    s3 {
      bucket_arn     = var.plugin.bucket_arn
      file_key       = var.plugin.key
      object_version = var.plugin.object_version
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  worker_properties = merge(
    {
      # Required. Each connector names its own converters.
      "key.converter"   = "org.apache.kafka.connect.storage.StringConverter"
      "value.converter" = "org.apache.kafka.connect.storage.StringConverter"
      # The default topic has the connector's id in its name, so a replaced source connector would begin anew.
      "offset.storage.topic" = local.offsets_topic
    },
    length(var.secrets) == 0 ? {} : {
      "config.providers"                             = "secretsmanager"
      "config.providers.secretsmanager.class"        = "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider"
      "config.providers.secretsmanager.param.region" = local.region
    },
  )
  worker_properties_file = join("", [for name in sort(keys(local.worker_properties)) : "${name}=${local.worker_properties[name]}\n"])
}

resource "aws_mskconnect_worker_configuration" "this" {
  name                    = "${var.name}-${substr(sha256(local.worker_properties_file), 0, 12)}"
  description             = "Workers of ${var.name}"
  properties_file_content = local.worker_properties_file

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "workers" {
  #checkov:skip=CKV_AWS_158:Worker logs contain no records and no secrets. CloudWatch Logs encrypts with its own key.
  #checkov:skip=CKV_AWS_338:The environment sets the retention. The bucket, if there is one, keeps logs longer.
  name              = "/msk-connect/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "terraform_data" "start_after" {
  input = var.start_after
}

resource "aws_mskconnect_connector" "this" {
  name                       = var.name
  description                = "${local.config["connector.class"]} from ${basename(var.connector_file)}"
  kafkaconnect_version       = var.kafkaconnect_version
  connector_configuration    = local.config
  service_execution_role_arn = aws_iam_role.workers.arn

  capacity {
    dynamic "provisioned_capacity" {
      for_each = var.capacity.autoscaling == null ? [1] : []

      content {
        mcu_count    = var.capacity.mcu_count
        worker_count = var.capacity.worker_count
      }
    }

    dynamic "autoscaling" {
      for_each = var.capacity.autoscaling[*]

      content {
        mcu_count        = var.capacity.mcu_count
        min_worker_count = autoscaling.value.min_workers
        max_worker_count = autoscaling.value.max_workers

        scale_in_policy {
          cpu_utilization_percentage = autoscaling.value.scale_in_cpu_percent
        }

        scale_out_policy {
          cpu_utilization_percentage = autoscaling.value.scale_out_cpu_percent
        }
      }
    }
  }

  kafka_cluster {
    apache_kafka_cluster {
      bootstrap_servers = var.kafka.bootstrap_servers

      vpc {
        security_groups = [aws_security_group.workers.id, var.kafka.client_security_group_id]
        subnets         = var.network.subnet_ids
      }
    }
  }

  kafka_cluster_client_authentication {
    authentication_type = "IAM"
  }

  kafka_cluster_encryption_in_transit {
    encryption_type = "TLS"
  }

  plugin {
    custom_plugin {
      arn      = aws_mskconnect_custom_plugin.this.arn
      revision = aws_mskconnect_custom_plugin.this.latest_revision
    }
  }

  worker_configuration {
    arn      = aws_mskconnect_worker_configuration.this.arn
    revision = aws_mskconnect_worker_configuration.this.latest_revision
  }

  log_delivery {
    worker_log_delivery {
      cloudwatch_logs {
        enabled   = true
        log_group = aws_cloudwatch_log_group.workers.name
      }

      dynamic "s3" {
        for_each = var.logs_bucket[*]

        content {
          enabled = true
          bucket  = s3.value
          prefix  = "msk-connect/${var.name}"
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.unknown_replaced) == 0
      error_message = "replaced and removed may name only properties of ${basename(var.connector_file)}. It does not have: ${join(", ", local.unknown_replaced)}."
    }

    precondition {
      condition     = length(local.known_added) == 0
      error_message = "added may name only properties that ${basename(var.connector_file)} does not have. Name in replaced: ${join(", ", local.known_added)}."
    }

    precondition {
      condition     = length(local.foreign_references) == 0
      error_message = "MSK Connect's workers can resolve only $${secretsmanager:…}. Replace or remove: ${join(", ", local.foreign_references)}."
    }

    precondition {
      condition     = length(local.local_addresses) == 0
      error_message = "These properties have an address that only a local stack has. Replace or remove: ${join(", ", local.local_addresses)}."
    }

    precondition {
      condition     = length(local.plain_secrets) == 0
      error_message = "These properties must be a reference $${secretsmanager:<name>:<key>}, because everyone who may describe the connector can read its properties: ${join(", ", local.plain_secrets)}."
    }

    precondition {
      condition     = length(setsubtract(local.named_secrets, keys(var.secrets))) == 0
      error_message = "The properties name secrets that secrets does not list, so the role may not read them: ${join(", ", setsubtract(local.named_secrets, keys(var.secrets)))}."
    }

    precondition {
      condition     = !startswith(local.config["connector.class"], "io.debezium.") || (var.capacity.autoscaling == null && var.capacity.worker_count == 1)
      error_message = "A Debezium source has one task and does not work with autoscaling: set capacity to one worker."
    }
  }

  depends_on = [
    terraform_data.start_after,
    aws_iam_role_policy.call,
    aws_vpc_security_group_egress_rule.endpoints,
    aws_vpc_security_group_egress_rule.s3,
    aws_vpc_security_group_egress_rule.others,
  ]
}
