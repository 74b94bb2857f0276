# With metrics, the AWS Distro for OpenTelemetry runs beside the service, scrapes it over loopback and writes to the workspace.
# It is not essential: the service continues without it.

locals {
  collector_config = var.metrics == null ? null : {
    extensions = {
      # The port that the image's own health check uses.
      health_check = { endpoint = "127.0.0.1:13133" }
      sigv4auth    = { region = local.region, service = "aps" }
    }

    receivers = {
      prometheus = {
        config = {
          scrape_configs = [{
            job_name = var.metrics.job
            # Ten samples in the shortest window of the rules.
            scrape_interval = "30s"
            static_configs  = [{ targets = ["127.0.0.1:${var.metrics.port}"] }]
          }]
        }
      }
    }

    processors = {
      resourcedetection = { detectors = ["ecs"], timeout = "10s", override = false }
      # Becomes the label `instance`. The scraped address, 127.0.0.1, would be the same for every task.
      resource = { attributes = [{ key = "service.instance.id", from_attribute = "aws.ecs.task.id", action = "upsert" }] }
    }

    exporters = {
      prometheusremotewrite = {
        endpoint = "https://aps-workspaces.${local.region}.${data.aws_partition.current.dns_suffix}/workspaces/${var.metrics.workspace_id}/api/v1/remote_write"
        auth     = { authenticator = "sigv4auth" }
        # Keeps metric names as the rules and dashboards query them.
        add_metric_suffixes = false
        target_info         = { enabled = false }
      }
    }

    service = {
      extensions = ["health_check", "sigv4auth"]
      pipelines = {
        metrics = { receivers = ["prometheus"], processors = ["resourcedetection", "resource"], exporters = ["prometheusremotewrite"] }
      }
      telemetry = { logs = { level = "warn" }, metrics = { level = "none" } }
    }
  }

  collector = var.metrics == null ? [] : [{
    name      = "collector"
    image     = var.metrics.image
    essential = false
    user      = "1000:1000"
    memory    = 256
    environment = [
      { name = "AOT_CONFIG_CONTENT", value = yamlencode(local.collector_config) },
      # The image's default is /root, which this user may not read.
      { name = "HOME", value = "/" },
    ]
    readonlyRootFilesystem = true
    linuxParameters        = { initProcessEnabled = false, capabilities = { drop = ["ALL"] } }
    restartPolicy          = { enabled = true }
    healthCheck            = { command = ["CMD", "/healthcheck"], interval = 10, timeout = 5, retries = 3, startPeriod = 30 }
    logConfiguration = {
      logDriver = "awslogs"
      # Never blocking: this log contains no orders.
      options = merge({
        awslogs-group         = local.log_group
        awslogs-region        = local.region
        awslogs-stream-prefix = "collector"
      }, local.lossy_log_delivery)
    }
  }]
}

data "aws_iam_policy_document" "metrics" {
  count = var.metrics == null ? 0 : 1

  statement {
    sid       = "WriteMetrics"
    actions   = ["aps:RemoteWrite"]
    resources = ["${local.aws}:aps:${local.region}:${local.account}:workspace/${var.metrics.workspace_id}"]
  }
}

resource "aws_iam_role_policy" "metrics" {
  count = var.metrics == null ? 0 : 1

  name   = "write-metrics"
  role   = aws_iam_role.task.name
  policy = data.aws_iam_policy_document.metrics[0].json
}
