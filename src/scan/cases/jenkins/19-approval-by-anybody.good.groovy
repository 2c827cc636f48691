// --- Jenkinsfile
timeout(time: 2, unit: 'HOURS') {
    stage('Approve') {
        if (env.BRANCH_NAME == 'main') {
            input message: 'Release to production?', ok: 'Release', submitter: 'release-managers'
            sh 'true'
        }
    }
    node('linux') {
        stage('Release') {
            if (env.BRANCH_NAME == 'main') {
                withAWS(credentials: 'aws-production', region: 'eu-central-1') {
                    sh './release.sh'
                }
            }
        }
    }
}
