# The Prometheus alerts as CloudWatch conditions, with the same thresholds. A condition over a window has the window as its
# period, and as many periods as fit into window plus `for`. A condition without a window has `for` in periods of one minute.

locals {
  # Counts every route behind the load balancer, not only POST /orders. The load balancer's own 5xx answers count as well.
  error_ratio = {
    expression = "(FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))"
    metrics = {
      target   = { namespace = "AWS/ApplicationELB", name = "HTTPCode_Target_5XX_Count", stat = "Sum", dimensions = local.target_group }
      balancer = { namespace = "AWS/ApplicationELB", name = "HTTPCode_ELB_5XX_Count", stat = "Sum", dimensions = local.load_balancer }
      requests = { namespace = "AWS/ApplicationELB", name = "RequestCount", stat = "Sum", dimensions = local.target_group }
    }
  }

  load_balancer = { LoadBalancer = var.load_balancer.arn_suffix }
  target_group  = merge(local.load_balancer, { TargetGroup = var.load_balancer.target_group_arn_suffix })

  # Alert → window → condition. All conditions of an alert must hold; the window is part of the alarm's name.
  conditions = {
    OrdersErrorBudgetBurnsFast = {
      "1h" = merge(local.error_ratio, { above = 14.4 * 0.001, period = 3600, periods = 1 })
      "5m" = merge(local.error_ratio, { above = 14.4 * 0.001, period = 300, periods = 1 })
    }

    OrdersErrorBudgetBurnsSlowly = {
      "6h"  = merge(local.error_ratio, { above = 6 * 0.001, period = 21600, periods = 1 })
      "30m" = merge(local.error_ratio, { above = 6 * 0.001, period = 1800, periods = 1 })
    }

    OrdersAcknowledgedSlowly = {
      "5m" = {
        expression = "slowest"
        metrics    = { slowest = { namespace = "AWS/ApplicationELB", name = "TargetResponseTime", stat = "p99", dimensions = local.target_group } }
        above      = 1
        period     = 300
        periods    = 2
      }
    }

    OrdersProducerAbsent = {
      "" = {
        expression = "healthy"
        metrics    = { healthy = { namespace = "AWS/ApplicationELB", name = "HealthyHostCount", stat = "Maximum", dimensions = local.target_group } }
        below      = 1
        period     = 60
        periods    = 2
      }
    }

    OrdersConsumerAbsent = {
      "" = {
        expression = "running"
        metrics = { running = { namespace = "ECS/ContainerInsights", name = "RunningTaskCount", stat = "Maximum", dimensions = {
          ClusterName = var.consumer.cluster_name
          ServiceName = var.consumer.service_name
        } } }
        below   = 1
        period  = 60
        periods = 2
      }
    }

    OrdersConsumerLags = {
      "" = {
        expression = "catch_up"
        metrics = { catch_up = { namespace = "AWS/Kafka", name = "EstimatedMaxTimeLag", stat = "Maximum", dimensions = {
          "Cluster Name"   = var.kafka.cluster_name
          "Consumer Group" = var.consumer.group_id
          "Topic"          = var.kafka.topic
        } } }
        above   = 30 + var.consumer.hold_seconds
        period  = 60
        periods = 5
      }
    }

    OrdersDeadLetters = {
      "10m" = {
        # Each broker has its own metric. The query adds them up, for any number of brokers.
        expression = "SELECT SUM(MessagesInPerSec) FROM SCHEMA(\"AWS/Kafka\", \"Broker ID\", \"Cluster Name\", Topic) WHERE \"Cluster Name\" = '${var.kafka.cluster_name}' AND Topic = '${var.kafka.dead_letter_topic}'"
        metrics    = {}
        above      = 0
        period     = 600
        periods    = 1
      }
    }
  }

  # Alert → the reason why no CloudWatch metric can express it. These alerts need the Prometheus workspace (module observability).
  not_expressed = {
    OrdersWritesRefused        = "MSK publishes no refused writes of one client; the alarm on failed orders sees their answers."
    OrdersConsumerStalled      = "MSK knows the lag of a group and what a broker sends, not what one member has processed."
    OrdersTopicUnread          = "MSK publishes no assignment of a group."
    OrdersConsumerOutsideGroup = "MSK publishes no list of a group's members."
    OrdersConsumerLagUnknown   = "It is about the consumer's own metrics."
    OrdersTopicMissing         = "CloudWatch has no metrics of a topic that does not exist, and does not know which topics a consumer reads."
    OrdersOpenTransaction      = "MSK publishes no last stable offset."
    OrdersLostToRetention      = "MSK publishes neither the offsets of a group nor the start of a log."
    OrdersPartitionsWait       = "Only the consumer knows which partitions it has paused."
    OrdersSinkDown             = "DynamoDB and S3 publish failed requests of all clients, not that one has stopped sending them."
    OrdersSinkMemoryFull       = "Only the consumer knows how much its sinks hold; the alarm on lag sees the effect."
    OrdersDeadLetterBrake      = "Only the consumer knows which partitions it holds; the alarm on lag sees the effect."
    OrdersRegistryStale        = "Glue publishes no metric of its answers to one client."
    OrdersRebalanceStorm       = "MSK publishes no count of rebalances."
  }
}
